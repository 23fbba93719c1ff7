import type { Definition } from "./parameter.js";
import type { Graph } from "./graph.js";

/**
 * How the input of a layer is normalized while training. A norm multiplies each sample (or the batch) by one positive factor
 * and never centres it: requantization by the maximum cancels the factor, so a norm costs the chip nothing.
 */
export interface Norm extends Definition<Record<never, never>> {
  /** The divisor of the input: one for each sample, [batch, 1], or one for all; absent where nothing is normalized. */
  divisor?<T>(on: Graph<T>, input: T): T;
}

export const defineNorm = (norm: Omit<Norm, "parameters">): Norm => ({ parameters: {}, ...norm });

/** Keeps the division defined for an all-zero vector. */
export const tiny = 1e-8;
