/**
 * The differentiable operations that layers and norms are trained with. `T` is an engine's tensor of float32 values:
 * a batch of vectors [batch, features] unless said otherwise. tfjs implements it; tests use plain arrays.
 */
export interface Graph<T> {
  /** [batch, inputs] by [units, inputs], giving [batch, units]. */
  matmul(input: T, weights: T): T;
  add(left: T, right: T): T;
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
  /** The values of one tensor, the gradient of another. */
  straightThrough(values: T, through: T): T;
  /** A scalar. */
  literal(value: number): T;
  /** No gradient flows into what made it. */
  constant(input: T): T;
  /** Mean over the features of each sample, kept as [batch, 1]. */
  featureMean(input: T): T;
  /** Largest feature of each sample, kept as [batch, 1]. */
  featureMax(input: T): T;
  /** Mean over everything, a scalar. */
  mean(input: T): T;
  /** Reshapes each sample to `shape`, keeping the batch. */
  reshape(input: T, shape: readonly number[]): T;
}
