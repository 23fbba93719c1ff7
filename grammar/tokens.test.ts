import { describe, expect, test } from "vitest";
import { lexer, tokenTable } from "./tokens.js";

/** `Number 14, Identifier KiB` */
function lexed(text: string): string {
  const { tokens, errors } = lexer.tokenize(text);
  expect(errors).toEqual([]);
  return tokens.map(({ tokenType, image }) => `${tokenType.name} ${image}`).join(", ");
}

describe("numbers and names", () => {
  test.each([
    ["14 KiB", "Number 14, Identifier KiB"],
    ["80%", "Number 80, Percent %"],
    ["0.001", "Number 0.001"],
    ["1e-3", "Number 1e-3"],
    ["1e3", "Number 1e3"],
    ["1.5E+2", "Number 1.5E+2"],
    ["0.5s", "Number 0.5, Identifier s"],
    ["10-3", "Number 10, Minus -, Number 3"],
    ["4bitsym", "Identifier 4bitsym"],
    ["8bit", "Identifier 8bit"],
    ["14KiB", "Identifier 14KiB"],
    ["1e", "Identifier 1e"],
    ["1e3x", "Identifier 1e3x"],
    ["3x3", "Identifier 3x3"],
    ["_", "Identifier _"],
  ])("%s", (text, expected) => expect(lexed(text)).toBe(expected));
});

describe("words", () => {
  const words = Object.entries(tokenTable).filter(([, { role }]) => role === "declaration" || role === "keyword");

  test.each(words)("%s is a keyword, and no part of a longer name", (name, { pattern }) => {
    expect(lexed(String(pattern))).toBe(`${name} ${String(pattern)}`);
    expect(lexed(`${String(pattern)}s`)).toBe(`Identifier ${String(pattern)}s`);
    expect(lexed(`x${String(pattern)}`)).toBe(`Identifier x${String(pattern)}`);
  });
});

describe("signs", () => {
  test.each([
    ["a->b", "Identifier a, Arrow ->, Identifier b"],
    ["a - > b", "Identifier a, Minus -, Above >, Identifier b"],
    ["<= < >= > == =", "AtMost <=, Below <, AtLeast >=, Above >, Equal ==, Equals ="],
    ["--", "Minus -, Minus -"],
    ["a/b", "Identifier a, Slash /, Identifier b"],
  ])("%s", (text, expected) => expect(lexed(text)).toBe(expected));
});

test("comments are kept aside, documentation by its three slashes", () => {
  const { groups } = lexer.tokenize("a // b\n/// c\n//// d\r\n//");
  expect(groups["comments"]!.map(({ tokenType, image }) => `${tokenType.name} ${image}`)).toEqual([
    "Comment // b",
    "Doc /// c",
    "Comment //// d",
    "Comment //",
  ]);
});

test("strings end on their line and know escapes", () => {
  expect(lexed('"a // b" "\\"" "c')).toBe('String "a // b", String "\\"", OpenString "c');
  expect(lexed('"a\n"')).toBe('OpenString "a, OpenString "');
});
