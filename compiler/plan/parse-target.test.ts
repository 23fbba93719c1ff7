import { expect, test } from "vitest";
import { spanText } from "#grammar/source.js";
import { parseTarget } from "./parse-target.js";

const whole = `summary: A chip
core: rv32ec
multiplies: false
memory:
  flash: { size: 16 KiB, address: 0x0, alias: 0x08000000, waitStates: 1 }
  ram: { size: 2 KiB, address: 0x20000000, waitStates: 0 }
clock: 48 MHz
power: { microamperesPerMegahertz: 90, millivolts: 3300, source: a data sheet }
compiler:
  names: [gcc]
  flags: [-Os]
  install: get one
firmware: { startUp: 150 B, program: 200 B }
`;

const parse = (text: string) => parseTarget("chip", { path: "mcu/chip/target.yaml", text });
const messages = (text: string) =>
  parse(text).diagnostics.map(({ message, at, help }) => [message, spanText(at.span), help].filter((part) => part !== undefined));

test("a target.yaml becomes a target", () => {
  expect(parse(whole)).toEqual({
    value: {
      name: "chip",
      summary: "A chip",
      core: "rv32ec",
      multiplies: false,
      memory: { flash: 16384, ram: 2048 },
      chip: {
        flash: { bytes: 16384, address: 0, alias: 0x08000000, waitStates: 1 },
        ram: { bytes: 2048, address: 0x20000000, waitStates: 0 },
        firmware: "chip",
        startUp: 150,
        program: 200,
      },
      clockHz: 48e6,
      power: { microamperesPerMegahertz: 90, millivolts: 3300, source: "a data sheet" },
      compilers: ["gcc"],
      flags: ["-Os"],
      install: "get one",
    },
    diagnostics: [],
  });
});

test("memory and clock may be left out", () => {
  const { value } = parse(whole.replace(/memory:[^]*MHz\npower.*\n/, "").replace(/firmware.*\n/, ""));
  expect(value).toBeDefined();
  expect(value).not.toHaveProperty("memory");
  expect(value).not.toHaveProperty("chip");
  expect(value).not.toHaveProperty("clockHz");
});

test("what only some chips say is read too", () => {
  const more = `firmware: { folder: family, startUp: 150 B, program: 200 B, ch32fun: CHIP }
timing: { alu: 1, load: 2, store: 3, branch: 4, redirect: 5, multiply: 6, divide: 7, csr: 8, lineBytes: 9, wideDelay: 10 }
emulator: { command: qemu, options: [-quiet], install: get it }
`;
  const { value } = parse(
    whole.replace(/firmware.*\n/, "").replace("[-Os]", "[-Os]\n  dialects: [{ since: 13, flags: [-new] }, { since: 0, flags: [-old] }]") +
      more,
  );
  expect(value?.dialects).toEqual([
    { since: 13, flags: ["-new"] },
    { since: 0, flags: ["-old"] },
  ]);
  expect(value?.chip).toMatchObject({
    firmware: "family",
    ch32fun: "CHIP",
    timing: { alu: 1, load: 2, store: 3, branch: 4, redirect: 5, multiply: 6, divide: 7, csr: 8, lineBytes: 9, wideDelay: 10 },
    emulator: { command: "qemu", options: ["-quiet"], install: "get it" },
  });
});

const flash = "flash: { size: 16 KiB, address: 0x0, alias: 0x08000000, waitStates: 1 }";

test.each([
  ["multiplies: false", "multiplies: sometimes", [["`multiplies` must be true or false", "sometimes"]]],
  ["size: 16 KiB", "size: 16 KB", [["`memory.flash.size` must be a size such as `16 KiB`", "16 KB"]]],
  ["size: 16 KiB", "size: 16384", [["`memory.flash.size` must be a size such as `16 KiB`", "16384"]]],
  ["address: 0x0,", "address: -4,", [["`memory.flash.address` must be an address such as `0x20000000`", "-4"]]],
  ["waitStates: 1 ", "waitStates: 0.5 ", [["`memory.flash.waitStates` must be a whole number up to 1000", "0.5"]]],
  [
    ", waitStates: 1 ",
    " ",
    [["`memory.flash.waitStates` must be a whole number up to 1000", flash.slice(7).replace(", waitStates: 1 ", " ")]],
  ],
  ["clock: 48 MHz", "clock: 48 KiB", [["`clock` must be a frequency such as `48 MHz`", "48 KiB"]]],
  ["names: [gcc]", "names: []", [["`compiler.names` must be a list of texts", "[]"]]],
  [
    "names: [gcc]",
    "names: [gcc]\n  dialects: [new]",
    [["`compiler.dialects` must be a list of { since: a whole number, flags: a list of texts }", "[new]"]],
  ],
  [
    "multiplies: false",
    "multiplys: false",
    [
      ["a target has no field `multiplys`", "multiplys", "did you mean `multiplies`?"],
      ["`multiplies` must be true or false", whole.replace("multiplies", "multiplys")],
    ],
  ],
  ["alias:", "aliases:", [["a target has no field `aliases`", "aliases", "did you mean `alias`?"]]],
])("%s → %s", (before, after, expected) => {
  expect(parse(whole.replace(before, after)).value).toBeUndefined();
  expect(messages(whole.replace(before, after))).toEqual(expected);
});

test.each(["", "just words", "- a\n- list", "[1, 2", "a: b: c", "memory: 3\n"])("never throws: %j", (text) => {
  const { value, diagnostics } = parse(text);
  expect(value).toBeUndefined();
  expect(diagnostics.length).toBeGreaterThan(0);
});
