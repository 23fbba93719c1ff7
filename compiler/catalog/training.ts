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
