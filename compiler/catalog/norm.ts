import type { Definition } from "./parameter.js";
import type { Graph } from "./graph.js";

/**
 * How the input of a layer is scaled while training. A norm multiplies each sample (or the batch) by one positive
 * number and never shifts it: the integer path rescales every vector anyway, so a norm costs the chip nothing.
 */
export interface Norm extends Definition<Record<never, never>> {
  /** What the input is divided by: one number for each sample, [batch, 1], or one for all; absent when it stays as it is. */
  divisor?<T>(on: Graph<T>, input: T): T;
}

export const defineNorm = (norm: Omit<Norm, "parameters">): Norm => ({ parameters: {}, ...norm });

/** Keeps the division defined for an all-zero vector. */
export const tiny = 1e-8;
