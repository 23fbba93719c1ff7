import { sizeOf } from "../../ir/types.js";

/** What values can be, whatever the input: the least and the largest of each channel, or of all values as one. */
export interface Bounds {
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** The weights of a layer as far as they are known: its levels, else what its format allows. */
export type KnownWeights =
  { readonly kind: "levels"; readonly values: Int32Array } | { readonly kind: "extremes"; readonly low: number; readonly high: number };

export const everywhere = (low: number, high: number): Bounds => ({ low: [low], high: [high] });

/** One interval around those of all channels. */
export const hull = ({ low, high }: Bounds): Bounds =>
  everywhere(
    low.reduce((a, b) => Math.min(a, b)),
    high.reduce((a, b) => Math.max(a, b)),
  );

/** Each end through a function that never falls. */
export const mapBounds = ({ low, high }: Bounds, rising: (value: number) => number): Bounds => ({
  low: low.map(rising),
  high: high.map(rising),
});

export const addBounds = (a: Bounds, b: Bounds): Bounds => {
  const sum = (x: readonly number[], y: readonly number[]): readonly number[] =>
    x.length >= y.length ? x.map((value, i) => value + y[i % y.length]!) : sum(y, x);
  return { low: sum(a.low, b.low), high: sum(a.high, b.high) };
};

/**
 * Of the weighted sums of rows, one interval a row; `channelOf` says which channel of the input a weight meets. Terms
 * may be missing, as at padded edges, so an interval always has the zero: partial sums stay inside as well.
 */
export function weighedBounds(
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

/** Of one weight times a value of a channel, or of nothing. */
function productBounds(weights: KnownWeights, at: number, input: Bounds, channel: number): Bounds {
  const levels = weights.kind === "levels" ? [weights.values[at]!] : [weights.low, weights.high];
  const ends = levels.flatMap((level) => [level * input.low[channel]!, level * input.high[channel]!]);
  return everywhere(Math.min(0, ...ends), Math.max(0, ...ends));
}
