import { describe, expect, it } from "vitest";
import type { Samples, Splits } from "../samples.js";
import limit from "./limit.js";
import split from "./split.js";

/** Samples whose only value is their own number; every third is of class 1. */
const numbered = (count: number): Samples => ({
  shape: [1],
  count,
  values: Uint8Array.from({ length: count }, (_, i) => i),
  labels: Uint8Array.from({ length: count }, (_, i) => (i % 3 === 0 ? 1 : 0)),
});

const splits = (train: number, test: number): Splits => ({
  train: numbered(train),
  test: numbered(test),
  classes: ["a", "b"],
  origin: "numbers",
});
const ones = ({ labels }: Samples): number => labels.reduce((sum, label) => sum + label, 0);

describe("split", () => {
  const settings = { train: 0, validate: 0.2, test: 0, by: "", recordings: "whole", seed: 1 } as const;

  it("deals every training sample to one set, in order, and leaves the test set", () => {
    const { train, validate, test } = split.arrange(splits(90, 30), settings);
    expect([train.count, validate!.count, test]).toEqual([72, 18, numbered(30)]);
    expect([...train.values, ...validate!.values].sort((a, b) => a - b)).toEqual([...numbered(90).values]);
    expect([...train.values]).toEqual([...train.values].sort((a, b) => a - b));
    for (const samples of [train, validate!]) {
      samples.labels.forEach((label, i) => expect(label).toBe(samples.values[i]! % 3 === 0 ? 1 : 0));
    }
  });

  it("keeps the proportions of the classes", () => {
    expect(ones(split.arrange(splits(90, 30), settings).validate!)).toBeCloseTo(6, -0.5);
  });

  it("always deals alike, and otherwise with another seed", () => {
    const deal = (seed: number) => split.arrange(splits(90, 30), { ...settings, seed }).train.values;
    expect(deal(1)).toEqual(deal(1));
    expect(deal(2)).not.toEqual(deal(1));
  });

  it("makes the test set of a source without one", () => {
    const { train, validate, test } = split.arrange(splits(100, 0), { ...settings, train: 0.5, validate: 0.1, test: 0.3 });
    expect([train.count, validate!.count, test.count]).toEqual([50, 10, 30]);
  });

  it("refuses more than everything, and a second test set", () => {
    expect(() => split.arrange(splits(9, 9), { ...settings, train: 0.9 })).toThrow("`split` deals out 110%: 90% + 20% + 0%");
    expect(() => split.arrange(splits(9, 9), { ...settings, test: 0.1 })).toThrow(/numbers has a test set/);
  });
});

describe("limit", () => {
  it("takes exactly as many as asked, the classes in proportion", () => {
    const { train, test, origin } = limit.arrange(splits(90, 60), { train: 30, test: 6 });
    expect([train.count, test.count, origin]).toEqual([30, 6, "numbers; limited to 30 + 6"]);
    expect(Math.abs(ones(train) - 10)).toBeLessThanOrEqual(1);
    expect(Math.abs(ones(test) - 2)).toBeLessThanOrEqual(1);
  });

  it("takes everything for 0 and for more than there is", () => {
    const { train, test } = limit.arrange(splits(9, 6), { train: 0, test: 100 });
    expect([train, test]).toEqual([numbered(9), numbered(6)]);
  });
});
