import { type Range, sizeOf } from "../../ir/types.js";

/** Intervals of a tensor's values for every input: one for each channel, or one for all. */
export interface Bounds {
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** The weights of a layer as far as they are known: its levels, else what its format allows. */
export type KnownWeights = { readonly kind: "levels"; readonly values: Int32Array } | ({ readonly kind: "extremes" } & Range);

export const everywhere = (low: number, high: number): Bounds => ({ low: [low], high: [high] });

/** The interval that contains those of all channels. */
export const hull = ({ low, high }: Bounds): Bounds =>
  everywhere(
    low.reduce((a, b) => Math.min(a, b)),
    high.reduce((a, b) => Math.max(a, b)),
  );

/** The bounds after a non-decreasing function: each end is mapped. */
export const mapBounds = ({ low, high }: Bounds, monotonic: (value: number) => number): Bounds => ({
  low: low.map(monotonic),
  high: high.map(monotonic),
});

export const addBounds = (a: Bounds, b: Bounds): Bounds => {
  const sum = (x: readonly number[], y: readonly number[]): readonly number[] =>
    x.length >= y.length ? x.map((value, i) => value + y[i % y.length]!) : sum(y, x);
  return { low: sum(a.low, b.low), high: sum(a.high, b.high) };
};

/**
 * The bounds of weighted sums, one interval a row; `channelOf` maps a weight to the input channel that it multiplies. Terms may
 * be missing, as at padded edges, so every interval contains 0, and partial sums stay inside as well.
 */
export function weightedSumBounds(
  input: Bounds,
  shape: readonly number[],
  weights: KnownWeights,
  channelOf: (row: number, column: number) => number,
): Bounds {
  const columns = sizeOf(shape.slice(1));
  // Where neither weights nor channels differ, one product stands for all.
  if (weights.kind === "extremes" && input.low.length === 1) return mapBounds(productBounds(weights, 0, input, 0), (end) => columns * end);
  const rows = Array.from({ length: shape[0]! }, (_, row) => {
    let [low, high] = [0, 0];
    for (let column = 0; column < columns; column++) {
      const channel = input.low.length === 1 ? 0 : channelOf(row, column);
      const product = productBounds(weights, row * columns + column, input, channel);
      low += product.low[0]!;
      high += product.high[0]!;
    }
    return { low, high };
  });
  return { low: rows.map(({ low }) => low), high: rows.map(({ high }) => high) };
}

/** The bounds of one product; 0 belongs to them, since the term may be missing. */
function productBounds(weights: KnownWeights, at: number, input: Bounds, channel: number): Bounds {
  const levels = weights.kind === "levels" ? [weights.values[at]!] : [weights.low, weights.high];
  const ends = levels.flatMap((level) => [level * input.low[channel]!, level * input.high[channel]!]);
  return everywhere(Math.min(0, ...ends), Math.max(0, ...ends));
}
