import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { editDistance, suggest } from "./suggest.js";

const formats = ["binary", "ternary", "2bitsym", "4bit", "4bitsym", "5bitsym", "8bit", "fp130", "nf4"];

describe("suggest", () => {
  test.each([
    ["4bitsim", "4bitsym"],
    ["4BITSYM", "4bitsym"],
    ["tenary", "ternary"],
    ["binayr", "binary"],
    ["NF4", "nf4"],
    ["8bits", "8bit"],
  ])("%s means %s", (wrong, meant) => expect(suggest(wrong, formats)).toBe(meant));

  test.each(["float32", "int8", "q", ""])("%j means none of them", (wrong) => expect(suggest(wrong, formats)).toBeUndefined());

  test("the same letters in another case come before a nearer neighbour", () => {
    expect(suggest("RElU", ["RElu", "relu"])).toBe("RElu");
    expect(suggest("KIB", ["kB", "KiB", "MiB"])).toBe("KiB");
  });

  test("of equally near names the first is taken", () => expect(suggest("cat", ["bat", "rat"])).toBe("bat"));

  test("a name of one letter is never guessed from another", () => expect(suggest("x", ["y"])).toBeUndefined());
});

describe("editDistance", () => {
  test.each([
    ["", "abc", 3],
    ["kitten", "sitting", 3],
    ["dense", "desne", 1],
    ["ca", "abc", 3],
  ])("%s to %s takes %d", (from, to, distance) => expect(editDistance(from, to)).toBe(distance));

  test("is a symmetric distance bounded by the longer text", () => {
    const short = fc.string({ maxLength: 8, unit: fc.constantFrom("a", "b", "c") });
    fc.assert(
      fc.property(short, short, (left, right) => {
        const distance = editDistance(left, right);
        expect(distance).toBe(editDistance(right, left));
        expect(distance === 0).toBe(left === right);
        expect(distance).toBeLessThanOrEqual(Math.max(left.length, right.length));
      }),
    );
  });
});
