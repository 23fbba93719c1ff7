import { type Activation, bitsOf, magnitudesOf, type Ones } from "../ir/types.js";
import type { Graph } from "./graph.js";
import type { IntegerGraph } from "./integer-graph.js";

/**
 * Requantization: sums become activations by a right shift, rounding half up. Of a fixed range the shift is a constant of the layer,
 * and what does not fit saturates; of the sample's range it is the least that brings the largest magnitude of the sample into it.
 */

/** By a constant shift, saturating. */
export function requantizeFixed(sums: Int32Array, shift: number, to: Saturation): Int32Array {
  const half = (1 << shift) >> 1;
  return sums.map((sum) => saturate((sum + half) >> shift, to));
}

/** What integers saturate to: [low, high], and if so said only the highest set bits stay, of values that are not negative. */
export interface Saturation {
  readonly low: number;
  readonly high: number;
  readonly ones?: Ones;
}

/** What an activation saturates to. */
export function saturationOf(element: Activation): Saturation {
  const { signed, ones } = bitsOf(element);
  const most = magnitudesOf(element);
  return { low: signed ? -most : 0, high: most - 1, ...(ones !== undefined && { ones }) };
}

export function saturate(value: number, { low, high, ones }: Saturation): number {
  const within = Math.max(low, Math.min(high, value));
  return ones === undefined ? within : highestOnes(within, ones);
}

/** The value with only its highest set bits. */
export function highestOnes(value: number, ones: Ones): number {
  let left = value;
  let kept = 0;
  for (let bit = 0; bit < ones && left > 0; bit++) {
    const highest = 2 ** (31 - Math.clz32(left));
    kept += highest;
    left -= highest;
  }
  return kept;
}

/** What stays of each value from 0 to `high`. */
export const highestOnesUpTo = (high: number, ones: Ones): readonly number[] =>
  Array.from({ length: high + 1 }, (_, value) => highestOnes(value, ones));

/** Values of up to `high` that have more bits set: from where on, how many one after the other, and whether others follow. */
function gapsUpTo(high: number, ones: Ones): readonly { readonly level: number; readonly values: number; readonly last: boolean }[] {
  const levels = Array.from({ length: high + 1 }, (_, value) => value).filter((value) => highestOnes(value, ones) === value);
  return levels
    .map((level, at) => ({ level, values: (levels[at + 1] ?? high + 1) - level - 1, last: at === levels.length - 1 }))
    .filter(({ values }) => values > 0);
}

/** By the shift that the largest sum picks; `high` is a power of two less one, and what is below zero becomes zero. */
export function requantize(sums: Int32Array, high: number): Int32Array {
  const shift = requantizeShift(sums, high);
  const half = (1 << shift) >> 1;
  return sums.map((sum) => (sum < 0 ? 0 : Math.min(high, (sum + half) >> shift)));
}

/** How many bits the largest value has above those of `high`. */
function requantizeShift(sums: Int32Array, high: number): number {
  let largest = 0;
  for (const sum of sums) if (sum > largest) largest = sum;
  return 32 - Math.clz32(Math.floor(largest / (high + 1)));
}

/** `factor` is the power of two that the shift divides by, inverted. Gradients pass through rounding and end where values saturate. */
export function trainFixed<T>(on: Graph<T>, sums: T, factor: T, { low, high, ones }: Saturation): T {
  const fractions = on.multiply(sums, factor);
  const rounded = on.clamp(on.floor(on.offset(fractions, 0.5)), low, high);
  const given = ones === undefined ? rounded : trainHighestOnes(on, rounded, high, ones);
  return on.straightThrough(given, on.clamp(fractions, low - 0.5, high + 0.5));
}

/** The highest set bits of whole numbers: what a value is above the level below it is taken away. */
const trainHighestOnes = <T>(on: Graph<T>, values: T, high: number, ones: Ones): T =>
  gapsUpTo(high, ones).reduce((kept, { level, values: count, last }) => {
    const above = on.clamp(on.offset(values, -level), 0, count);
    const less = last ? above : on.add(above, on.scale(on.clamp(on.offset(values, -level - count), 0, 1), -count));
    return on.add(kept, on.scale(less, -1));
  }, values);

export function exactFixed<T>(on: IntegerGraph<T>, sums: T, shift: number, { low, high, ones }: Saturation): T {
  const rounded = shift === 0 ? sums : on.divideDown(on.offset(sums, 2 ** (shift - 1)), 2 ** shift);
  const within = on.atLeast(on.atMost(rounded, high), low);
  if (ones === undefined) return within;
  return on.lookUp(highestOnesUpTo(high, ones), within);
}

/** Powers of two that a shift may divide by, and half of each, for rounding. */
const divisors = Array.from({ length: 32 }, (_, shift) => 2 ** shift);
const halves = divisors.map((divisor) => Math.floor(divisor / 2));

/** `requantize` of sums that are not negative, without shifts, which runtimes have for unsigned integers only. */
export function exactRequantize<T>(on: IntegerGraph<T>, positive: T, high: number): T {
  const bits = Math.log2(high + 1);
  const most = 31 - bits;
  // The largest has a bit more above those that stay for each power of two from `high` + 1 on that it reaches.
  const shift = on.countReached(
    on.largest(positive),
    divisors.slice(1, most + 1).map((divisor) => (divisor * (high + 1)) / 2),
  );
  const rounded = on.add(positive, on.lookUp(halves.slice(0, most + 1), shift));
  return on.atMost(on.divide(rounded, on.lookUp(divisors.slice(0, most + 1), shift)), high);
}
