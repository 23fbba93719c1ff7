import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { elementRange } from "../ir/types.js";
import { unsignedOf } from "./activation.js";
import { catalog } from "./index.js";
import { highestOnes, requantizeFixed, saturationOf } from "./requantize.js";

const formats = Object.values(catalog.activations).flatMap(({ name, bits, ones }) => (ones === undefined ? [] : [{ name, bits, ones }]));

const setBits = (value: number): number => value.toString(2).replaceAll("0", "").length;

describe.each(formats)("$name", ({ bits, ones }) => {
  const element = unsignedOf({ bits, ones });

  test("has all values with so few set bits, and no others", () => {
    const given = new Set(Array.from({ length: 2 ** bits }, (_, value) => highestOnes(value, ones)));
    const wanted = Array.from({ length: 2 ** bits }, (_, value) => value).filter((value) => setBits(value) <= ones);
    expect([...given].sort((a, b) => a - b)).toEqual(wanted);
    expect(elementRange(element)).toEqual({ low: 0, high: wanted.at(-1) });
  });

  test("takes the largest value that is not above the shifted sum, whatever the sum is", () => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 24), max: 2 ** 24 }), fc.integer({ min: 0, max: 16 }), (sum, shift) => {
        const [value] = requantizeFixed(Int32Array.of(sum), shift, saturationOf(element));
        const exact = Math.max(0, Math.min(2 ** bits - 1, Math.floor(sum / 2 ** shift + 0.5)));
        expect(setBits(value!)).toBeLessThanOrEqual(ones);
        expect(Array.from({ length: exact - value! }, (_, i) => setBits(value! + 1 + i)).every((set) => set > ones)).toBe(true);
        expect(value).toBeLessThanOrEqual(exact);
      }),
    );
  });
});
