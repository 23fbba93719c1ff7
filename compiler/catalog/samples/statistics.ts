import type { Samples, Values } from "../samples.js";

/** Mean and standard deviation; one pair for all features or one for each. */
export interface Statistics {
  readonly mean: Float32Array;
  readonly deviation: Float32Array;
}

/** Bytes stand for 0 … 1; everything is rounded to float32 after each step, as PyTorch does it. */
export const fractionOf = (values: Values): ((value: number) => number) =>
  values instanceof Uint8Array ? (byte) => Math.fround(byte / 255) : (value) => value;

/** Mean and standard deviation of each of `features` interleaved features. */
export function statisticsOf(samples: Samples, features: number): Statistics {
  const toFraction = fractionOf(samples.values);
  const sum = new Float64Array(features);
  const squares = new Float64Array(features);
  samples.values.forEach((value, i) => {
    const x = toFraction(value);
    sum[i % features]! += x;
    squares[i % features]! += x * x;
  });
  const size = samples.values.length / features;
  const mean = Float32Array.from(sum, (total) => total / size);
  const deviation = Float32Array.from(squares, (total, g) => Math.sqrt(Math.max(total / size - (sum[g]! / size) ** 2, 0)));
  // A constant feature has no deviation: dividing by 1 keeps it at zero.
  return { mean, deviation: deviation.map((d) => (d > 0 ? d : 1)) };
}

/** The shortest decimals that are read back as the same float32: nine digits are always enough. */
export const shownFloats = (values: Float32Array): string => Array.from(values, shortest).join(", ");

function shortest(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const text = String(Number(value.toPrecision(digits)));
    if (Math.fround(Number(text)) === value) return text;
  }
  return String(Number(value.toPrecision(9)));
}
