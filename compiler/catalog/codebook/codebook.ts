import type { Quantizer } from "./quantizer.js";

/** The latent weights of one layer, one row per output, with the scalar(s) they are clipped by. */
export interface Latent {
  readonly values: Float32Array;
  readonly rows: number;
  /** One scalar for the layer, or one per row. */
  readonly clip: Float32Array;
}

/** The step between neighbouring levels, when all are equally far apart. */
export function evenStep(quantizer: Quantizer): number | undefined {
  const sorted = sortedLevels(quantizer);
  const step = sorted[1]! - sorted[0]!;
  return sorted.every((level, i) => i === 0 || level - sorted[i - 1]! === step) ? step : undefined;
}

/** The smallest clipping scalar: keeps the division defined for weights that are all zero. */
export const smallestClip = 1e-8;

/**
 * The code of every weight: the level that `(weight - center) / clip * fullScale` falls to. Ties of evenly spaced
 * formats go to the even multiple, as IEEE rounding does; others to the lower level.
 */
export function encode(quantizer: Quantizer, latent: Latent): Uint8Array {
  const { values, rows, clip } = latent;
  const { thresholds, codes } = decisionsOf(quantizer);
  const columns = values.length / rows;
  const center = quantizer.center === "mean" ? mean(values) : 0;
  const encoded = new Uint8Array(values.length);
  for (let row = 0; row < rows; row++) {
    const gain = quantizer.fullScale / (clip.length === 1 ? clip[0]! : clip[row]!);
    for (let i = row * columns; i < (row + 1) * columns; i++) {
      encoded[i] = codes[countBelow(thresholds, (values[i]! - center) * gain)]!;
    }
  }
  return encoded;
}

/** The integer levels that codes stand for. */
export function decode(quantizer: Quantizer, codes: Uint8Array): Int32Array {
  const levels = Int32Array.from(quantizer.levels);
  return Int32Array.from(codes, (code) => levels[code]!);
}

/** The integer weights of a layer: what ships. */
export function quantize(quantizer: Quantizer, latent: Latent): Int32Array {
  return decode(quantizer, encode(quantizer, latent));
}

/** The scale of quantization: what a level of 1 is worth as a latent weight; one for the layer, so that integer sums keep their ratios. */
export function levelValue(quantizer: Quantizer, clip: Float32Array): number {
  return mean(clip) / quantizer.fullScale;
}

/** The clipping scalar of formats that take it from the weights themselves; undefined for those with a clip rule. */
export function impliedClip(quantizer: Quantizer, values: Float32Array): Float32Array | undefined {
  return quantizer.scale === "mean-magnitude" ? Float32Array.of(Math.max(smallestClip, meanMagnitude(values))) : undefined;
}

export function meanMagnitude(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += Math.abs(value);
  return sum / values.length;
}

/** The decision thresholds of rounding: `codes[k]` is the code of weights above exactly `k` thresholds. */
export interface Decisions {
  /** Ascending, then infinities: one less than a power of two in all, which makes the search branch-free. */
  readonly thresholds: Float64Array;
  /** By ascending level. */
  readonly codes: Uint8Array;
}

const known = new WeakMap<Quantizer, Decisions>();

/** The decision thresholds of a format, in units of its levels. */
export function decisionsOf(quantizer: Quantizer): Decisions {
  const found = known.get(quantizer) ?? decide(quantizer);
  known.set(quantizer, found);
  return found;
}

function decide(quantizer: Quantizer): Decisions {
  const sorted = sortedLevels(quantizer);
  const threshold = thresholdRule(quantizer);
  const thresholds = new Float64Array(2 ** Math.ceil(Math.log2(sorted.length)) - 1).fill(Infinity);
  for (let i = 1; i < sorted.length; i++) thresholds[i - 1] = threshold(sorted[i - 1]!, sorted[i]!);
  return { thresholds, codes: Uint8Array.from(sorted, (level) => quantizer.levels.indexOf(level)) };
}

/** The largest weight that takes the lower of two neighbouring levels. */
function thresholdRule(quantizer: Quantizer): (lower: number, upper: number) => number {
  if (quantizer.boundary === "floor") return (lower, upper) => (upper <= 0 ? lower : justBelow(lower < 0 ? 0 : upper));
  const step = evenStep(quantizer);
  if (step === undefined) return (lower, upper) => (lower + upper) / 2;
  const anchor = sortedLevels(quantizer).find((level) => level >= 0)!;
  return (lower, upper) => {
    const middle = (lower + upper) / 2;
    return ((lower - anchor) / step) % 2 === 0 ? middle : justBelow(middle);
  };
}

/** The next smaller double. */
function justBelow(value: number): number {
  if (value === 0) return -Number.MIN_VALUE;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigUint64(0, view.getBigUint64(0) + (value > 0 ? -1n : 1n));
  return view.getFloat64(0);
}

/** How many thresholds are below `value`, by binary search. */
function countBelow(thresholds: Float64Array, value: number): number {
  let count = 0;
  for (let half = (thresholds.length + 1) >> 1; half > 0; half >>= 1) {
    if (value > thresholds[count + half - 1]!) count += half;
  }
  return count;
}

const sortedLevels = (quantizer: Quantizer): number[] => [...quantizer.levels].sort((a, b) => a - b);

function mean(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
