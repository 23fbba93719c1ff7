/**
 * The integer operations that layers are exported with: what `reference` computes, said in operations that general
 * runtimes have. `T` is a tensor of int32 values [batch, size], each sample in the order of the reference.
 */
export interface IntegerGraph<T> {
  /** [batch, inputs] by [units, inputs], giving [batch, units]. */
  matmul(input: T, weights: T): T;
  add(left: T, right: T): T;
  /** The quotient of values that are not negative, rounded down; `divisor` may be [batch, 1]. */
  divide(input: T, divisor: T): T;
  atLeast(input: T, low: number): T;
  atMost(input: T, high: number): T;
  /** The largest value of each sample, [batch, 1]. */
  largest(input: T): T;
  /** How many of the thresholds a value reaches or exceeds; of [batch, 1], the same shape. */
  countReached(input: T, thresholds: readonly number[]): T;
  /** The entries of a table at the places that `index` holds. */
  lookUp(table: readonly number[], index: T): T;
}

/** A batch on its way through exact integers. */
export interface ExactPass<T> {
  readonly inputs: readonly T[];
  /** Integer levels, rows first. */
  readonly weights: T | undefined;
}
