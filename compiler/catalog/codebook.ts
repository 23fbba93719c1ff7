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

/**
 * The code of every weight: the level nearest to `(weight - center) / clip * fullScale`. Ties of evenly spaced
 * formats go to the even multiple, as IEEE rounding does; others to the lower level.
 */
export function encode(quantizer: Quantizer, latent: Latent): Uint8Array {
  const { values, rows, clip } = latent;
  const toCode = codeOf(quantizer);
  const columns = values.length / rows;
  const center = quantizer.center === "mean" ? mean(values) : 0;
  const codes = new Uint8Array(values.length);
  for (let row = 0; row < rows; row++) {
    const gain = quantizer.fullScale / (clip.length === 1 ? clip[0]! : clip[row]!);
    for (let i = row * columns; i < (row + 1) * columns; i++) codes[i] = toCode((values[i]! - center) * gain);
  }
  return codes;
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

/** What one level is worth in the units of the latent weights; one number for the layer, so that integer sums keep their ratios. */
export function levelValue(quantizer: Quantizer, clip: Float32Array): number {
  return mean(clip) / quantizer.fullScale;
}

export function meanMagnitude(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += Math.abs(value);
  return sum / values.length;
}

/** Rounds to the nearest whole number, halves to the even one. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

function codeOf(quantizer: Quantizer): (scaled: number) => number {
  if (quantizer.boundary === "floor") return flooringCode(quantizer);
  const step = evenStep(quantizer);
  return step === undefined ? nearestCode(quantizer) : evenCode(quantizer, step);
}

function evenCode(quantizer: Quantizer, step: number): (scaled: number) => number {
  const sorted = sortedLevels(quantizer);
  const codes = sorted.map((level) => quantizer.levels.indexOf(level));
  const anchor = sorted.findIndex((level) => level >= 0);
  const last = sorted.length - 1;
  return (scaled) => codes[Math.min(last, Math.max(0, anchor + roundHalfEven((scaled - sorted[anchor]!) / step)))]!;
}

function nearestCode(quantizer: Quantizer): (scaled: number) => number {
  const sorted = sortedLevels(quantizer);
  const codes = sorted.map((level) => quantizer.levels.indexOf(level));
  const thresholds = sorted.slice(1).map((level, i) => (level + sorted[i]!) / 2);
  return (scaled) => {
    const index = thresholds.findIndex((threshold) => scaled <= threshold);
    return codes[index < 0 ? codes.length - 1 : index]!;
  };
}

/** The largest magnitude not above the weight's, with its sign; weights below the smallest magnitude take that. */
function flooringCode(quantizer: Quantizer): (scaled: number) => number {
  const magnitudes = quantizer.levels.filter((level) => level > 0).sort((a, b) => a - b);
  return (scaled) => {
    const magnitude = magnitudes.findLast((level) => level <= Math.abs(scaled)) ?? magnitudes[0]!;
    return quantizer.levels.indexOf(scaled < 0 ? -magnitude : magnitude);
  };
}

const sortedLevels = (quantizer: Quantizer): number[] => [...quantizer.levels].sort((a, b) => a - b);

function mean(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
