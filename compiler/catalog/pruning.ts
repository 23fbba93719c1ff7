import type { ArgumentsOf, Definition, Parameters } from "./parameter.js";

/** How many more outputs layers have in training before the least wanted ones vanish. Those of the last layer are the classes: they stay. */
export interface Pruning<P extends Parameters = Parameters> extends Definition<P> {
  /** The outputs of a layer that ships with so many; `epoch` counts from 0. */
  outputsAt(settings: ArgumentsOf<P>, shipped: number, epoch: number): number;
  /** By how much more the loss counts for each mask that is wide open. */
  price(settings: ArgumentsOf<P>): number;
}

export const definePruning = <const P extends Parameters>(pruning: Pruning<P>): Pruning<P> => pruning;
