import type { Graph } from "./graph.js";
import type { IntegerGraph } from "./integer-graph.js";

/**
 * Requantization: sums become activations by a right shift, rounding half up. Of a fixed range the shift is a constant of the layer,
 * and what does not fit saturates; of the sample's range it is the least that brings the largest magnitude of the sample into it.
 */

/** By a constant shift, saturating to [low, high]. */
export function requantizeFixed(sums: Int32Array, shift: number, low: number, high: number): Int32Array {
  const half = (1 << shift) >> 1;
  return sums.map((sum) => Math.max(low, Math.min(high, (sum + half) >> shift)));
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
export function trainFixed<T>(on: Graph<T>, sums: T, factor: T, low: number, high: number): T {
  const fractions = on.multiply(sums, factor);
  const rounded = on.clamp(on.floor(on.offset(fractions, 0.5)), low, high);
  return on.straightThrough(rounded, on.clamp(fractions, low - 0.5, high + 0.5));
}

export function exactFixed<T>(on: IntegerGraph<T>, sums: T, shift: number, low: number, high: number): T {
  const rounded = shift === 0 ? sums : on.divideDown(on.offset(sums, 2 ** (shift - 1)), 2 ** shift);
  return on.atLeast(on.atMost(rounded, high), low);
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
