import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Samples } from "#compiler/catalog/samples.js";
import { quantiseSamples } from "./quantise.js";

const samples = (...rows: readonly (readonly number[])[]): Samples => ({
  shape: [rows[0]!.length],
  count: rows.length,
  values: Float32Array.from(rows.flat()),
  labels: new Uint8Array(rows.length),
});

function quantise(given: Samples): readonly number[] {
  const inputs = new Int8Array(given.values.length);
  quantiseSamples(given, inputs);
  return [...inputs];
}

describe("quantiseSamples", () => {
  it("scales each sample by itself to ±127", () => {
    expect(quantise(samples([1, -0.5, 0], [-4, 2, 1]))).toEqual([127, -64, 0, -127, 64, 32]);
  });

  it("rounds halves to even", () => {
    expect(quantise(samples([127, 0.5, 1.5, 2.5, -0.5, -1.5, -2.5]))).toEqual([127, 0, 2, 2, 0, -2, -2]);
  });

  it("keeps zeros, and takes bytes as they are", () => {
    expect(quantise(samples([0, 0], [0, 3]))).toEqual([0, 0, 0, 127]);
    expect(quantise({ shape: [2], count: 1, values: Uint8Array.of(254, 127), labels: Uint8Array.of(0) })).toEqual([127, 64]);
  });

  it("writes from an offset on", () => {
    const into = new Int8Array(4).fill(9);
    quantiseSamples(samples([1, -1]), into, 1);
    expect([...into]).toEqual([9, 127, -127, 9]);
  });

  it("is within half a step of the exact quotient, in range, and odd", () => {
    const row = fc.array(fc.float({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(row, (values) => {
        const largest = Math.max(...values.map(Math.abs));
        fc.pre(largest > 1e-30);
        const quantised = quantise(samples(values));
        const mirrored = quantise(samples(values.map((value) => -value)));
        values.forEach((value, i) => {
          expect(Math.abs(quantised[i]! - (value * 127) / largest)).toBeLessThanOrEqual(0.5 + 1e-4);
          expect(Math.abs(quantised[i]!)).toBeLessThanOrEqual(127);
          expect(mirrored[i]! + quantised[i]!).toBe(0);
        });
      }),
    );
  });
});
