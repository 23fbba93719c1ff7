import { smallestClip } from "./codebook.js";
import type { ArgumentsOf, Definition, Parameters } from "./parameter.js";
import type { Quantizer } from "./quantizer.js";

/** How the learning rate runs. `epoch` is fractional: 2.5 is half way through the third; the last is below `epochs`. */
export interface Schedule<P extends Parameters = Parameters> extends Definition<P> {
  rateAt(settings: ArgumentsOf<P>, epoch: number, epochs: number): number;
}

/** One tensor of latent weights with the optimizer's memory of it, all of the same length. */
export interface Trained {
  readonly weights: Float32Array;
  readonly slots: readonly Float32Array[];
}

export interface Optimizer<P extends Parameters = Parameters> extends Definition<P> {
  /** How many float32 values it remembers per weight; they start at zero and are saved in checkpoints. */
  readonly slots: number;
  /** Changes `trained` in place; `step` counts from 1. */
  update(settings: ArgumentsOf<P>, trained: Trained, gradient: Float32Array, rate: number, step: number): void;
}

/** How the clipping scalars of a layer follow its weights, once an epoch. */
export interface Clip<P extends Parameters = Parameters> extends Definition<P> {
  /** One scalar, or one per row; `values` are row-major. */
  clipOf(settings: ArgumentsOf<P>, values: Float32Array, rows: number, quantizer: Quantizer): Float32Array;
  /** After this many epochs the scalars stay as they are. */
  until(settings: ArgumentsOf<P>): number;
}

export const defineSchedule = <const P extends Parameters>(schedule: Schedule<P>): Schedule<P> => schedule;
export const defineOptimizer = <const P extends Parameters>(optimizer: Optimizer<P>): Optimizer<P> => optimizer;
export const defineClip = <const P extends Parameters>(clip: Clip<P>): Clip<P> => clip;

/** From one rate to another along half a cosine; `way` runs from 0 to 1. */
export const cosineBetween = (from: number, to: number, way: number): number =>
  to + ((from - to) * (1 + Math.cos(Math.PI * Math.min(way, 1)))) / 2;

/** More epochs than any training has, as a number that survives JSON. */
export const forever = Number.MAX_SAFE_INTEGER;

/** Applies a clip rule to the whole layer or to each row; every scalar is positive. */
export function clipEach(per: "tensor" | "output", values: Float32Array, rows: number, rule: (part: Float32Array) => number): Float32Array {
  const parts = per === "tensor" ? 1 : rows;
  const size = values.length / parts;
  return Float32Array.from({ length: parts }, (_, i) => Math.max(smallestClip, rule(values.subarray(i * size, (i + 1) * size))));
}
