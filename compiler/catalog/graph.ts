import type { Convolution } from "./shapes/convolution.js";
import type { PoolWindow } from "./shapes/pool.js";

/**
 * The differentiable operations that layers and norms are trained with. `T` is an engine's tensor of float32 values:
 * a batch of vectors [batch, features] unless said otherwise. Engines implement it; tests use plain arrays.
 */
export interface Graph<T> {
  /** [batch, inputs] by [units, inputs], giving [batch, units]. */
  matmul(input: T, weights: T): T;
  add(left: T, right: T): T;
  /** Adds `bias`, [channels, 1], to each sample: to the units of a vector, or at every place of a map. */
  addBias(input: T, bias: T): T;
  multiply(left: T, right: T): T;
  divide(left: T, right: T): T;
  /** Adds a constant to every element. */
  offset(input: T, constant: number): T;
  scale(input: T, factor: number): T;
  abs(input: T): T;
  square(input: T): T;
  squareRoot(input: T): T;
  relu(input: T): T;
  /** Clamps to [low, high]; outside, the gradient is zero. */
  clamp(input: T, low: number, high: number): T;
  /** Rounds half to even; the gradient passes straight through (Bengio et al. 2013, arXiv:1308.3432). */
  round(input: T): T;
  /** Rounds down; has no gradient. */
  floor(input: T): T;
  /** The largest power of two that is at most each value; has no gradient, and is no positive number for others. */
  powerBelow(input: T): T;
  /** Straight-through estimator: the values of one tensor, with the gradient flowing to another. */
  straightThrough(values: T, through: T): T;
  /** A scalar. */
  literal(value: number): T;
  /** Stops the gradient (detach). */
  constant(input: T): T;
  /** Mean over the features of each sample, kept as [batch, 1]. */
  featureMean(input: T): T;
  /** Largest feature of each sample, kept as [batch, 1]. */
  featureMax(input: T): T;
  /** Mean over everything, a scalar. */
  mean(input: T): T;
  /** Another shape for the values of each sample in their order, keeping the batch. */
  reshape(input: T, shape: readonly number[]): T;
  /** What layers that slide over images need; without it, samples are vectors from the start. */
  readonly images?: ImageOperations<T>;
}

/** Operations on images, [batch, height, width, channels], and sequences, [batch, length, channels]. */
export interface ImageOperations<T> {
  /** By kernels [outputs, inputs of one output, rows, columns]. */
  convolve(input: T, weights: T, geometry: Convolution): T;
  /** The largest of each window; equal ones share the gradient. */
  maxPool(input: T, window: PoolWindow): T;
  /** Exact where no sum exceeds 2^24. */
  sumPool(input: T, window: PoolWindow): T;
  /** Each sample as a vector, channel by channel, each row by row. */
  flatten(input: T): T;
}
