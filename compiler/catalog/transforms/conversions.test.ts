import { describe, expect, it } from "vitest";
import type { Samples } from "../samples.js";
import crop from "./crop.js";
import resize from "./resize.js";
import standardize from "./standardize.js";

const images = (height: number, width: number, ...values: readonly number[]): Samples => ({
  shape: [height, width],
  count: values.length / height / width,
  values: Uint8Array.from(values),
  labels: new Uint8Array(values.length / height / width),
});

describe("crop", () => {
  const samples = images(3, 4, ...Array.from({ length: 24 }, (_, i) => i));

  it("keeps the middle", () => {
    const cropped = crop.prepare(samples, { height: 1, width: 2 }).convert(samples);
    expect({ shape: cropped.shape, values: [...cropped.values] }).toEqual({ shape: [1, 2], values: [5, 6, 17, 18] });
  });

  it("leaves an odd rest at the bottom and the right, and works on fractions", () => {
    const fractions = { ...samples, values: Float32Array.from(samples.values) };
    expect([...crop.prepare(fractions, { height: 2, width: 1 }).convert(fractions).values]).toEqual([1, 5, 13, 17]);
  });

  it("needs at least what it keeps", () => {
    expect(crop.infer([3, 4], { height: 3, width: 4 })).toEqual({ shape: [3, 4] });
    expect(crop.infer([3, 4], { height: 4, width: 1 })).toHaveProperty("needs");
    expect(crop.infer([12], { height: 1, width: 1 })).toHaveProperty("needs");
  });
});

describe("resize", () => {
  it("scales every image of a set", () => {
    const samples = images(2, 2, 10, 10, 10, 10, 0, 0, 200, 200);
    const resized = resize.prepare(samples, { height: 1, width: 3 }).convert(samples);
    expect({ ...resized, values: [...resized.values] }).toEqual({
      ...samples,
      shape: [1, 3],
      values: [10, 10, 10, 100, 100, 100],
    });
  });
});

describe("standardize", () => {
  const bytes = images(1, 2, 0, 255, 51, 102);
  const run = (samples: Samples, settings: Parameters<typeof standardize.prepare>[1]) => [
    ...standardize.prepare(samples, settings).convert(samples).values,
  ];

  it("rounds to float32 after every step", () => {
    const [mean, deviation] = [Math.fround(0.1307), Math.fround(0.3081)];
    const exact = [0, 255, 51, 102].map((byte) => Math.fround(Math.fround(Math.fround(byte / 255) - mean) / deviation));
    expect(run(bytes, { mean: 0.1307, deviation: 0.3081, per: "given" })).toEqual(exact);
  });

  it("measures a set as a whole", () => {
    const values = run(bytes, { mean: 0, deviation: 1, per: "set" });
    expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 5);
    expect(values.reduce((sum, value) => sum + value * value, 0) / 4).toBeCloseTo(1, 5);
  });

  it("measures every feature, and leaves one that never changes at zero", () => {
    const vectors: Samples = { shape: [2], count: 2, values: Float32Array.of(1, 7, 3, 7), labels: new Uint8Array(2) };
    expect(run(vectors, { mean: 0, deviation: 1, per: "feature" })).toEqual([-1, 0, 1, 0]);
  });

  it("says what firmware has to do", () => {
    const given = standardize.prepare(bytes, { mean: 0.1307, deviation: 0.3081, per: "given" });
    expect(given.explain(bytes)).toBe("(byte / 255 - 0.1307) / 0.3081");
    const vectors: Samples = { shape: [2], count: 2, values: Float32Array.of(1, 0.25, 3, 0.25), labels: new Uint8Array(2) };
    expect(standardize.prepare(vectors, { mean: 0, deviation: 1, per: "feature" }).explain(vectors)).toBe(
      "(value - mean) / deviation, of each of the 2 features\nmean: 2, 0.25\ndeviation: 1, 1",
    );
  });

  it("needs a deviation above 0", () => {
    expect(standardize.infer([2], { mean: 0, deviation: 0, per: "given" })).toHaveProperty("needs");
  });
});
