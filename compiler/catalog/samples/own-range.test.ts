import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Activation } from "../../ir/types.js";
import { ownRange } from "./own-range.js";
import { fractions, sizedTable } from "./testing/values.js";

function quantized(element: Activation, ...rows: readonly (readonly number[])[]): readonly number[] {
  const inputs = new Int8Array(rows.flat().length);
  ownRange(element, rows[0]!.length).ofFractions(Float32Array.from(rows.flat()), inputs, 0);
  return [...inputs];
}

describe("the range of each sample", () => {
  it("scales it to ±127", () => {
    expect(quantized("i8", [1, -0.5, 0], [-4, 2, 1])).toEqual([127, -64, 0, -127, 64, 32]);
  });

  it("rounds halves to even", () => {
    expect(quantized("i8", [127, 0.5, 1.5, 2.5, -0.5, -1.5, -2.5])).toEqual([127, 0, 2, 2, 0, -2, -2]);
  });

  it("keeps zeros", () => expect(quantized("i8", [0, 0], [0, 3])).toEqual([0, 0, 0, 127]));

  it("is symmetric in fewer bits, too", () => {
    expect(quantized("i4", [1, -1, 0.5])).toEqual([7, -7, 4]);
    expect(quantized("i1", [1, -1, -0.4])).toEqual([0, -1, 0]);
  });

  it("reaches from 0, or from the least value where one is negative, in unsigned elements", () => {
    expect(quantized("u4", [3, 1, 2], [0, 0, 0], [-1, 0, 2])).toEqual([15, 5, 10, 0, 0, 0, 0, 5, 15]);
    expect(quantized("u4", [-2, -2, -2])).toEqual([0, 0, 0]);
  });

  it("holds u8 as bytes, which are read as unsigned ones", () => {
    expect([...new Uint8Array(Int8Array.from(quantized("u8", [1, 0.8, 0])).buffer)]).toEqual([255, 204, 0]);
  });

  it("writes from an offset on", () => {
    const into = new Int8Array(4).fill(9);
    ownRange("i8", 2).ofFractions(Float32Array.of(1, -1), into, 1);
    expect([...into]).toEqual([9, 127, -127, 9]);
  });

  it("is within half a step of the exact quotient, in range, and odd", () => {
    fc.assert(
      fc.property(fractions, (values) => {
        const largest = Math.max(...values.map(Math.abs));
        fc.pre(largest > 1e-30);
        const found = quantized("i8", values);
        const mirrored = quantized(
          "i8",
          values.map((value) => -value),
        );
        values.forEach((value, i) => {
          expect(Math.abs(found[i]! - (value * 127) / largest)).toBeLessThanOrEqual(0.5 + 1e-4);
          expect(Math.abs(found[i]!)).toBeLessThanOrEqual(127);
          expect(mirrored[i]! + found[i]!).toBe(0);
        });
      }),
    );
  });

  it("does to bytes what it does to the values that they stand for", () => {
    const elements = fc.constantFrom<Activation[]>("i8", "i4", "i1", "u1", "u4", "u7", "u8");
    fc.assert(
      fc.property(sizedTable, elements, ({ table, bytes, size }, element) => {
        const [found, expected] = [new Int8Array(13), new Int8Array(13)];
        const range = ownRange(element, size);
        range.ofBytes(table)(bytes, found, 1);
        range.ofFractions(
          Float32Array.from(bytes, (byte) => table[byte]!),
          expected,
          1,
        );
        expect(found).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });
});
