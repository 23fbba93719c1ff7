import { describe, expect, it } from "vitest";
import { pricedOn, rowsOf, statisticsOf } from "./results.js";
import { finished, variant } from "./testing/variants.js";
import type { Outcome } from "./variant.js";

describe("rows", () => {
  it("take variants together that differ in their seed alone", () => {
    const outcomes = new Map<ReturnType<typeof variant>, Outcome>([
      [variant({ values: { width: "8", seed: "1" }, seed: 1 }), finished(90)],
      [variant({ values: { width: "16", seed: "1" }, width: 16, seed: 1 }), finished(95)],
      [variant({ values: { width: "8", seed: "2" }, seed: 2 }), finished(92)],
      [variant({ values: { width: "16", seed: "2" }, width: 16, seed: 2 }), { kind: "unfinished" }],
      [variant({ values: { width: "4", seed: "1" }, width: 4 }), { kind: "unfinished" }],
    ]);
    const rows = rowsOf(outcomes);
    expect(rows.map(({ values, runs, accuracy }) => ({ values, runs: runs.length, accuracy }))).toEqual([
      { values: { width: "8" }, runs: 2, accuracy: statisticsOf([0.9, 0.92]) },
      { values: { width: "16" }, runs: 1, accuracy: statisticsOf([0.95]) },
    ]);
  });

  it("keep variants apart that are the same but for their names", () => {
    const outcomes = new Map([
      [variant({ values: { idle: "1" } }), finished(90)],
      [variant({ values: { idle: "2" } }), finished(90)],
    ]);
    expect(rowsOf(outcomes).map(({ values }) => values)).toEqual([{ idle: "1" }, { idle: "2" }]);
  });

  it("are sorted by flash and say what they are best for", () => {
    const outcomes = new Map([
      [variant({ values: { width: "32" }, width: 32, flash: 4000, cycles: 90 }), finished(97)],
      [variant({ values: { width: "8" }, width: 8, flash: 1000, cycles: 50 }), finished(90)],
      [variant({ values: { width: "12" }, width: 12, flash: 1500, cycles: 40 }), finished(89)],
      [variant({ values: { width: "16" }, width: 16, flash: 2000, cycles: 95 }), finished(95)],
      [variant({ values: { width: "24" }, width: 24, flash: 3000, cycles: 60 }), finished(94)],
      [variant({ values: { width: "28" }, width: 28, flash: 2500, cycles: 93 }), finished(94)],
    ]);
    expect(pricedOn("chip", rowsOf(outcomes)).map(({ row, flash, bestFor }) => [row.values["width"], flash, bestFor.join(" ")])).toEqual([
      ["8", 1000, "flash cycles both"],
      ["12", 1500, "cycles both"],
      ["16", 2000, "flash both"],
      ["28", 2500, "both"],
      ["24", 3000, "cycles both"],
      ["32", 4000, "flash cycles both"],
    ]);
  });
});

it("statistics are those of a sample", () => {
  expect(statisticsOf([0.9])).toEqual({ mean: 0.9, low: 0.9, high: 0.9, deviation: 0 });
  const { mean, low, high, deviation } = statisticsOf([0.9, 0.95, 1]);
  expect([mean, low, high]).toEqual([expect.closeTo(0.95), 0.9, 1]);
  expect(deviation).toBeCloseTo(0.05);
});
