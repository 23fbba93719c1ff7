import fc from "fast-check";
import { expect, test } from "vitest";
import { catalog } from "../catalog/index.js";
import type { JobWeights } from "./contract.js";
import { isWithin, sumRange } from "./sum-range.js";

/** A few rows of some format, known or not, and inputs from one end to another. */
const cases = fc.record({
  quantizer: fc.constantFrom(...Object.values(catalog.quantizers)),
  rows: fc.integer({ min: 1, max: 4 }),
  columns: fc.integer({ min: 1, max: 9 }),
  codes: fc.array(fc.nat(), { minLength: 36, maxLength: 36 }),
  low: fc.integer({ min: -128, max: 0 }),
  high: fc.integer({ min: 0, max: 127 }),
  draws: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 9, maxLength: 9 }),
});

test("holds every partial sum of every input, and its ends are sums when the weights are known", () => {
  fc.assert(
    fc.property(cases, ({ quantizer, rows, columns, codes, low, high, draws }) => {
      const levels = Int32Array.from({ length: rows * columns }, (_, at) => quantizer.levels[codes[at]! % quantizer.levels.length]!);
      const held: JobWeights = { layer: "dense1", rows, columns, quantizer, levels };
      const known = sumRange(held, { low, high });
      const { levels: _, ...format } = held;
      expect(isWithin(known, sumRange(format, { low, high }))).toBe(true);
      const partialsOf = (row: number, inputAt: (column: number) => number): readonly number[] => {
        let sum = 0;
        return Array.from({ length: columns }, (_unused, column) => (sum += levels[row * columns + column]! * inputAt(column)));
      };
      const ends = Array.from({ length: rows }, (_unused, row) => {
        const drawn = partialsOf(row, (column) => Math.round(low + draws[column]! * (high - low)));
        for (const sum of drawn) expect(sum >= known.low && sum <= known.high).toBe(true);
        const towards = (sign: number): number =>
          partialsOf(row, (column) => (sign * levels[row * columns + column]! > 0 ? high : low)).at(-1)!;
        return { low: towards(-1), high: towards(1) };
      });
      expect(known.low).toBe(Math.min(0, ...ends.map((end) => end.low)));
      expect(known.high).toBe(Math.max(0, ...ends.map((end) => end.high)));
    }),
  );
});
