import type { ArgumentsOf, Definition, Parameters } from "./parameter.js";

/** Structured pruning: how many outputs layers begin with, until those with the smallest masks go. Classes are never pruned. */
export interface Pruning<P extends Parameters = Parameters> extends Definition<P> {
  /** The outputs of a layer that ships with so many; `epoch` counts from 0. */
  outputsAt(settings: ArgumentsOf<P>, shipped: number, epoch: number): number;
  /** The weight of the sparsity penalty: what is added to the loss for each mask that is fully open. */
  price(settings: ArgumentsOf<P>): number;
}

export const definePruning = <const P extends Parameters>(pruning: Pruning<P>): Pruning<P> => pruning;
