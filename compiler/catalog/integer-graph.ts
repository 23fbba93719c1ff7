import type { Convolution } from "./shapes/convolution.js";
import type { Windows } from "./shapes/windows.js";

/**
 * The integer operations that layers are exported with: what `reference` computes, said in operations that general
 * runtimes have. `T` is a tensor of int32 values [batch, size], each sample in the order of the reference.
 */
export interface IntegerGraph<T> {
  /** By levels [units, inputs]: [batch, inputs] gives [batch, units]. */
  matmul(input: T, levels: Int32Array, units: number): T;
  /** By levels [outputs, inputs of one output, rows, columns]. */
  convolve(input: T, levels: Int32Array, geometry: Convolution): T;
  /** Of each window of every channel. */
  largestOfWindows(input: T, windows: Windows): T;
  sumsOfWindows(input: T, windows: Windows): T;
  add(left: T, right: T): T;
  offset(input: T, constant: number): T;
  /** Adds a constant to all values of each channel. */
  addBias(input: T, bias: Int32Array): T;
  /** The quotient of values that are not negative, rounded down; `divisor` may be [batch, 1]. */
  divide(input: T, divisor: T): T;
  /** The quotient by a positive constant, rounded down, also of negative values. */
  divideDown(input: T, divisor: number): T;
  atLeast(input: T, low: number): T;
  atMost(input: T, high: number): T;
  /** The largest value of each sample, [batch, 1]. */
  largest(input: T): T;
  /** How many of the thresholds a value reaches or exceeds; of [batch, 1], the same shape. */
  countReached(input: T, thresholds: readonly number[]): T;
  /** The entries of a table at the places that `index` holds. */
  lookUp(table: readonly number[], index: T): T;
}
