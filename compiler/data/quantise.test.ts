import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byteQuantiser, quantiseFloats } from "./quantise.js";

function quantise(...rows: readonly (readonly number[])[]): readonly number[] {
  const inputs = new Int8Array(rows.flat().length);
  quantiseFloats(Float32Array.from(rows.flat()), rows[0]!.length, inputs, 0);
  return [...inputs];
}

describe("quantiseFloats", () => {
  it("scales each sample by itself to ±127", () => {
    expect(quantise([1, -0.5, 0], [-4, 2, 1])).toEqual([127, -64, 0, -127, 64, 32]);
  });

  it("rounds halves to even", () => {
    expect(quantise([127, 0.5, 1.5, 2.5, -0.5, -1.5, -2.5])).toEqual([127, 0, 2, 2, 0, -2, -2]);
  });

  it("keeps zeros", () => expect(quantise([0, 0], [0, 3])).toEqual([0, 0, 0, 127]));

  it("writes from an offset on", () => {
    const into = new Int8Array(4).fill(9);
    quantiseFloats(Float32Array.of(1, -1), 2, into, 1);
    expect([...into]).toEqual([9, 127, -127, 9]);
  });

  it("is within half a step of the exact quotient, in range, and odd", () => {
    const row = fc.array(fc.float({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(row, (values) => {
        const largest = Math.max(...values.map(Math.abs));
        fc.pre(largest > 1e-30);
        const quantised = quantise(values);
        const mirrored = quantise(values.map((value) => -value));
        values.forEach((value, i) => {
          expect(Math.abs(quantised[i]! - (value * 127) / largest)).toBeLessThanOrEqual(0.5 + 1e-4);
          expect(Math.abs(quantised[i]!)).toBeLessThanOrEqual(127);
          expect(mirrored[i]! + quantised[i]!).toBe(0);
        });
      }),
    );
  });
});

describe("byteQuantiser", () => {
  it("does to bytes what quantiseFloats does to what they stand for", () => {
    const meaning = fc.array(fc.oneof(fc.float({ noNaN: true, min: -100, max: 100 }), fc.constantFrom(0, -0, 1, -1)), {
      minLength: 256,
      maxLength: 256,
    });
    const bytes = fc.uint8Array({ minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(meaning, bytes, fc.constantFrom(1, 3, 4, 12), (table, values, size) => {
        const [found, expected] = [new Int8Array(13), new Int8Array(13)];
        byteQuantiser(size, Float32Array.from(table))(values, found, 1);
        quantiseFloats(
          Float32Array.from(values, (byte) => table[byte]!),
          size,
          expected,
          1,
        );
        expect(found).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });
});
