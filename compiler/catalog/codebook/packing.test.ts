import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { catalog } from "../index.js";
import { codesPerWord, packedBytes, packRow, unpackRow, wordsPerRow } from "./packing.js";
import type { Packing } from "./quantizer.js";

const packings: readonly (readonly [string, Packing, number])[] = Object.values(catalog.quantizers).map(
  ({ name, packing, levels }) => [name, packing, levels.length] as const,
);

describe.each(packings)("%s", (_, packing, levels) => {
  test("every row comes back from its words", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: levels - 1 }), { minLength: 1, maxLength: 90 }), (row) => {
        const codes = Uint8Array.from(row);
        const words = packRow(packing, codes, 0);
        expect(words).toHaveLength(wordsPerRow(packing, codes.length));
        expect(packedBytes(packing, 1, codes.length)).toBe((words.length * packing.word) / 8);
        expect(unpackRow(packing, words, codes.length)).toEqual(codes);
        for (const word of words) expect(word >= 0 && word < 2 ** packing.word).toBe(true);
      }),
    );
  });
});

test("the first code is in the low bits", () => {
  const packing: Packing = { kind: "bits", width: 4, word: 32 };
  expect(packRow(packing, Uint8Array.of(1, 2, 15), 0)).toEqual([0xf21]);
  expect(codesPerWord({ kind: "bits", width: 5, word: 32 })).toBe(6);
});

test("ten trits share a half-word: every half-word is exact", () => {
  const packing: Packing = { kind: "digits", base: 3, count: 10, word: 16 };
  for (let value = 0; value < 3 ** 10; value++) {
    const digits = Uint8Array.from(value.toString(3).padStart(10, "0"), Number);
    expect(unpackRow(packing, packRow(packing, digits, 0), 10)).toEqual(digits);
  }
});
