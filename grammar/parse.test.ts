import { describe, expect, test } from "vitest";
import { format } from "./format.js";
import { parse } from "./parse.js";

function parseText(text: string) {
  return parse({ path: "test.bnm", text });
}

describe("texts that nobody writes", () => {
  const many = 20_000;
  test.each([
    ["opening brackets", `param a = ${"(".repeat(many)}`],
    ["brackets of all kinds", "([{".repeat(many)],
    ["closing brackets", "}])".repeat(many)],
    ["crossed brackets", "[".repeat(many) + ")".repeat(many)],
    ["nested lists", `param a = ${"[".repeat(many)}1${"]".repeat(many)}`],
    ["nested repeats", `model m { ${"repeat 2 { ".repeat(many)} relu ${"}".repeat(many)} }`],
    ["signs", `param a = ${"-".repeat(many)}1`],
    ["sums", `param a = 1${" + 1".repeat(many)}`],
    ["arrows", `model m { ${"-> ".repeat(many)} }`],
    ["words", "a ".repeat(many)],
    ["keywords", "model ".repeat(many)],
    ["semicolons", ";\n".repeat(many)],
    ["quotes", '"\n'.repeat(many)],
    ["open declarations", "train a on b {\n".repeat(many / 10)],
  ])("%s are reported, not followed into the depth", (_, text) => {
    const { value, diagnostics } = parseText(`${text}\nparam kept = 1\n`);
    expect(diagnostics.length).toBeGreaterThan(0);
    expect(value.declarations.at(-1)).toMatchObject({ kind: "param", name: { text: "kept" } });
  });

  test.each([
    ["words", "word "],
    ["signs that mean nothing", "€ "],
    ["comments", "//\n"],
    ["strings without an end", '"\n'],
    ["declarations", "param a = 1\n"],
  ])("a megabyte of %s is refused at once", (_, piece) => {
    const text = piece.repeat(Math.ceil(1e6 / piece.length));
    expect(parseText(text).diagnostics.map(({ code }) => code)).toEqual(["too-long"]);
  });

  test("a long pipeline is no deep one", () => {
    const { value, diagnostics } = parseText(`model m { a${" -> relu".repeat(many)} }`);
    expect(diagnostics).toEqual([]);
    expect(format(value).split("\n").length).toBe(many + 4);
  });
});

test("diagnostics come in the order of their places", () => {
  const starts = parseText("param a: 3;\nmodle b { x = 3 relu -> }\n/// stray\n").diagnostics.map(({ at }) => at.span.start);
  expect(starts.length).toBeGreaterThan(4);
  expect(starts).toEqual([...starts].sort((a, b) => a - b));
});

test("line breaks of Windows and a byte order mark change nothing", () => {
  const text = "/// About x.\nparam x = 1  // one\n\nmodel m {\n  relu\n}\n";
  const { value, diagnostics } = parseText(`\ufeff${text.replaceAll("\n", "\r\n")}`);
  expect(diagnostics).toEqual([]);
  expect(value.declarations[0]!.doc).toBe("About x.");
  expect(format(value)).toBe(text);
});
