import { smallestClip } from "./codebook/codebook.js";
import type { ArgumentsOf, Definition, Parameters } from "./parameter.js";
import type { Quantizer } from "./codebook/quantizer.js";

/** A learning rate schedule. `epoch` is fractional: 2.5 is half way through the third; the last is below `epochs`. */
export interface Schedule<P extends Parameters = Parameters> extends Definition<P> {
  rateAt(settings: ArgumentsOf<P>, epoch: number, epochs: number): number;
}

/** One tensor of latent weights with its optimizer state, all of the same length. */
export interface Trained {
  readonly weights: Float32Array;
  readonly slots: readonly Float32Array[];
}

/** Elementwise arithmetic: on numbers here, on SIMD lanes in an engine that compiles it. */
export interface Arithmetic<T> {
  add(left: T, right: T): T;
  subtract(left: T, right: T): T;
  multiply(left: T, right: T): T;
  divide(left: T, right: T): T;
  squareRoot(value: T): T;
  /** One where `low` ≤ value ≤ `high`, else zero. */
  within(value: T, low: number, high: number): T;
}

/** One weight with its optimizer state. */
export interface Remembered<T> {
  readonly weight: T;
  readonly slots: readonly T[];
}

export interface Optimizer<P extends Parameters = Parameters, C extends string = string> extends Definition<P> {
  /** Optimizer state: float32 values per weight, which start at zero and are saved in checkpoints. */
  readonly slots: number;
  /** The numbers that all weights share in a step; steps count from 1. */
  constants(settings: ArgumentsOf<P>, rate: number, step: number): Readonly<Record<C, number>>;
  /** The update rule of one weight. */
  update<T>(on: Arithmetic<T>, given: Remembered<T>, gradient: T, constants: Readonly<Record<C, T>>): Remembered<T>;
}

/** A weight before and after rounding, in units of the levels of its format. */
export interface Rounded<T> {
  readonly scaled: T;
  readonly level: T;
  /** Of the format. */
  readonly lowest: number;
  readonly highest: number;
}

/** A learned clipping scalar for each layer (LSQ): the optimizer updates its logarithm. */
export interface ClipLearning<P extends Parameters = Parameters> {
  /** The learning rate of the scalars, as a multiple of that of the weights. */
  speed(settings: ArgumentsOf<P>): number;
  /** The derivative of a quantized weight, in levels, by the logarithm of its scalar, and the share of the gradient that the weight gets. */
  differentiate<T>(on: Arithmetic<T>, weight: Rounded<T>): { readonly growth: T; readonly keeps: T };
}

/** A rule for the clipping scalars of a layer, applied once an epoch. */
export interface Clip<P extends Parameters = Parameters> extends Definition<P> {
  /** One scalar, or one per row; `values` are row-major. */
  clipOf(settings: ArgumentsOf<P>, values: Float32Array, rows: number, quantizer: Quantizer): Float32Array;
  /** After this many epochs the scalars stay as they are. */
  until(settings: ArgumentsOf<P>): number;
  /** For rules that only give the scalars to begin with. */
  readonly learning?: ClipLearning<P>;
}

export const defineSchedule = <const P extends Parameters>(schedule: Schedule<P>): Schedule<P> => schedule;
export const defineOptimizer = <const P extends Parameters, C extends string>(optimizer: Optimizer<P, C>): Optimizer<P, C> => optimizer;
export const defineClip = <const P extends Parameters>(clip: Clip<P>): Clip<P> => clip;

export const onNumbers: Arithmetic<number> = {
  add: (left, right) => left + right,
  subtract: (left, right) => left - right,
  multiply: (left, right) => left * right,
  divide: (left, right) => left / right,
  squareRoot: Math.sqrt,
  within: (value, low, high) => (value >= low && value <= high ? 1 : 0),
};

/** Changes `trained` in place, in double precision. */
export function updateWeights(
  { update }: Optimizer,
  { weights, slots }: Trained,
  gradient: Float32Array,
  constants: Readonly<Record<string, number>>,
): void {
  // One object for all weights: making one for each would take longer than the arithmetic.
  const given = { weight: 0, slots: slots.map(() => 0) };
  for (let i = 0; i < weights.length; i++) {
    given.weight = weights[i]!;
    for (let k = 0; k < slots.length; k++) given.slots[k] = slots[k]![i]!;
    const next = update(onNumbers, given, gradient[i]!, constants);
    weights[i] = next.weight;
    for (let k = 0; k < slots.length; k++) slots[k]![i] = next.slots[k]!;
  }
}

/** Cosine interpolation between two rates; `progress` runs from 0 to 1. */
export const cosineBetween = (from: number, to: number, progress: number): number =>
  to + ((from - to) * (1 + Math.cos(Math.PI * Math.min(progress, 1)))) / 2;

/** More epochs than any training has, as a number that survives JSON. */
export const forever = Number.MAX_SAFE_INTEGER;

/** Applies a clip rule to the whole layer or to each row; every scalar is positive. */
export function clipEach(per: "tensor" | "output", values: Float32Array, rows: number, rule: (part: Float32Array) => number): Float32Array {
  const parts = per === "tensor" ? 1 : rows;
  const size = values.length / parts;
  return Float32Array.from({ length: parts }, (_, i) => Math.max(smallestClip, rule(values.subarray(i * size, (i + 1) * size))));
}
