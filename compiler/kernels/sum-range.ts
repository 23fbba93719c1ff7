import type { Range } from "../ir/types.js";
import type { JobWeights } from "./contract.js";

/**
 * The interval of a dense layer's accumulators over all rows, for every input: proved from the weights where they are known, else
 * from all levels of their format. It contains 0 and every partial sum, in any order. `of` maps a level to what is accumulated in
 * its place.
 *
 * The proof of every kernel that keeps accumulators in fewer than 32 bits; padding rows, which are no units, are not part of it.
 */
export function sumRange(
  { rows, columns, levels, quantizer }: JobWeights,
  inputs: Range,
  of: (level: number) => number = (level) => level,
): Range {
  const term = (level: number): Range => {
    const ends = [0, of(level) * inputs.low, of(level) * inputs.high];
    return { low: Math.min(...ends), high: Math.max(...ends) };
  };
  const terms = new Map(quantizer.levels.map((level) => [level, term(level)]));
  if (levels === undefined) {
    const each = hullOf([...terms.values()]);
    return { low: columns * each.low, high: columns * each.high };
  }
  return hullOf(
    Array.from({ length: rows }, (_, row) => {
      let [low, high] = [0, 0];
      for (const level of levels.subarray(row * columns, (row + 1) * columns)) {
        const { low: least, high: most } = terms.get(level)!;
        low += least;
        high += most;
      }
      return { low, high };
    }),
  );
}

const hullOf = (ranges: readonly Range[]): Range => ({
  low: ranges.reduce((least, { low }) => Math.min(least, low), 0),
  high: ranges.reduce((most, { high }) => Math.max(most, high), 0),
});

/** Whether a range lies in another one, ends included. */
export const isWithin = (inner: Range, outer: Range): boolean => inner.low >= outer.low && inner.high <= outer.high;
