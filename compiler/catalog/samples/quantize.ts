import { type Activation, elementRange } from "../../ir/types.js";

/** Affine quantization of values to the integers of an element: round((x - zero) * factor), saturated. */
export interface Affine {
  /** The value that becomes 0. */
  readonly zero: number;
  /** Steps of one unit. */
  readonly factor: number;
}

/** Signed elements are symmetric about 0; unsigned ones begin at the least value (min-max). */
export const isSigned = (element: Activation): boolean => elementRange(element).low < 0;

/**
 * The quantization that fills an element: magnitudes up to `largest` in signed ones, values from `least` on in unsigned ones; both are
 * float32, as is every step. Where there is nothing to tell apart, all values become 0.
 */
export function filling(element: Activation, least: number, largest: number): Affine {
  // The largest value of i1 is 0: its step is that of -1.
  const steps = Math.max(1, elementRange(element).high);
  const zero = isSigned(element) ? 0 : least;
  const width = Math.fround(largest - zero);
  return { zero, factor: width > 0 ? Math.fround(steps / width) : 0 };
}

/** Adding and subtracting 1.5 * 2^23 in float32 rounds to the nearest integer, halves to even. */
const ROUNDING = 12582912;

/** A function that quantizes one float32 to an element: rounded half to even; every step in float32. */
export function quantizerTo(element: Activation): (value: number, by: Affine) => number {
  const { low, high } = elementRange(element);
  return (value, { zero, factor }) => {
    if (factor === 0) return 0;
    const rounded = Math.fround(Math.fround(Math.fround(value - zero) * factor) + ROUNDING) - ROUNDING;
    return rounded > high ? high : rounded < low ? low : rounded;
  };
}
