import fc from "fast-check";
import { expect, test } from "vitest";
import { affineLevel, affineShape, evenShape, powerShape, ranks } from "./shape.js";
import { catalog } from "../index.js";
import { signMagnitude, twosComplement } from "./quantizer.js";

const known = (of: (levels: readonly number[]) => unknown): readonly string[] =>
  Object.values(catalog.quantizers)
    .filter(({ levels }) => of(levels) !== undefined)
    .map(({ name }) => name)
    .sort();

test("which formats are what", () => {
  expect(known(affineShape)).toEqual(["2bitsym", "4bit", "4bitsym", "5bitsym", "8bit", "binary", "binarysym"]);
  expect(known(powerShape)).toEqual(["fp130"]);
  expect(known(evenShape)).toEqual(["2bitsym", "4bit", "4bitsym", "5bitsym", "8bit", "binary", "binarysym", "ternary"]);
});

test("an affine shape gives every level back", () => {
  const width = fc.integer({ min: 1, max: 6 });
  const codebook = width.chain((bits) =>
    fc.record({
      base: fc.integer({ min: -50, max: 50 }),
      gains: fc.array(fc.integer({ min: -64, max: 64 }), { minLength: bits, maxLength: bits }),
      signed: fc.boolean(),
    }),
  );
  fc.assert(
    fc.property(codebook, ({ base, gains, signed }) => {
      const plain = Array.from({ length: 2 ** gains.length }, (_, code) =>
        gains.reduce((sum, gain, bit) => sum + ((code >> bit) & 1) * gain, base),
      );
      const levels = signed ? signMagnitude(plain) : plain;
      const shape = affineShape(levels)!;
      levels.forEach((level, code) => expect(affineLevel(shape, code) + 0).toBe(level + 0));
    }),
  );
});

test("what is not affine has no shape", () => {
  expect(affineShape([0, 1, 2])).toBeUndefined();
  expect(affineShape([0, 1, 2, 4])).toBeUndefined();
  expect(affineShape(signMagnitude([1, 2, 4, 8]))).toBeUndefined();
  expect(powerShape(twosComplement(4))).toBeUndefined();
  expect(powerShape(signMagnitude([4, 8]))).toEqual({ first: 2, width: 1 });
  expect(powerShape([1, 2, 4, 8])).toBeUndefined();
  expect(evenShape([0, 1, 3])).toBeUndefined();
  expect(evenShape([5, -1, 2])).toEqual({ lowest: -1, step: 3 });
});

test("ranks order levels", () => {
  expect([...ranks([3, -1, 7])]).toEqual([1, 0, 2]);
});
