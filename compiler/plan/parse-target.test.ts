import { expect, test } from "vitest";
import { spanText } from "#grammar/source.js";
import { parseTarget } from "./parse-target.js";

const whole = `summary: A chip
core: rv32ec
multiplies: false
memory:
  flash: 16 KiB
  ram: 2 KiB
clock: 48 MHz
compiler:
  names: [gcc]
  flags: [-Os]
  install: get one
`;

const parse = (text: string) => parseTarget("chip", { path: "mcu/chip/target.yaml", text });
const messages = (text: string) => parse(text).diagnostics.map(({ message, at, help }) => [message, spanText(at.span), help].filter((part) => part !== undefined));

test("a target.yaml becomes a target", () => {
  expect(parse(whole)).toEqual({
    value: {
      name: "chip",
      summary: "A chip",
      core: "rv32ec",
      multiplies: false,
      memory: { flash: 16384, ram: 2048 },
      clockHz: 48e6,
      compilers: ["gcc"],
      flags: ["-Os"],
      install: "get one",
    },
    diagnostics: [],
  });
});

test("memory and clock may be left out", () => {
  const { value } = parse(whole.replace(/memory:[^]*MHz\n/, ""));
  expect(value).toBeDefined();
  expect(value).not.toHaveProperty("memory");
  expect(value).not.toHaveProperty("clockHz");
});

test.each([
  ["multiplies: false", "multiplies: sometimes", [["`multiplies` must be true or false", "sometimes"]]],
  ["flash: 16 KiB", "flash: 16 KB", [["`memory.flash` must be a size such as `16 KiB`", "16 KB"]]],
  ["flash: 16 KiB", "flash: 16384", [["`memory.flash` must be a size such as `16 KiB`", "16384"]]],
  ["clock: 48 MHz", "clock: 48 KiB", [["`clock` must be a frequency such as `48 MHz`", "48 KiB"]]],
  ["names: [gcc]", "names: []", [["`compiler.names` must be a list of texts", "[]"]]],
  ["multiplies: false", "multiplys: false", [["a target has no field `multiplys`", "multiplys", "did you mean `multiplies`?"], ["`multiplies` must be true or false", whole.replace("multiplies", "multiplys")]]],
  ["  ram: 2 KiB\n", "", [["`memory.ram` must be a size such as `16 KiB`", "flash: 16 KiB\n"]]],
])("%s → %s", (before, after, expected) => {
  expect(parse(whole.replace(before, after)).value).toBeUndefined();
  expect(messages(whole.replace(before, after))).toEqual(expected);
});

test.each(["", "just words", "- a\n- list", "[1, 2", "a: b: c", "memory: 3\n"])("never throws: %j", (text) => {
  const { value, diagnostics } = parse(text);
  expect(value).toBeUndefined();
  expect(diagnostics.length).toBeGreaterThan(0);
});
