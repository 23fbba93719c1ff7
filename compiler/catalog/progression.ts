import type { ArgumentsOf, Definition, Parameters } from "./parameter.js";

/** One layer with weights among those of its network. */
export interface Place {
  /** The format that it ships in. */
  readonly format: string;
  /** From 0, in the order of the network. */
  readonly index: number;
}

/** In which format weights are trained before they take the one that ships. */
export interface Progression<P extends Parameters = Parameters> extends Definition<P> {
  /** `epoch` counts from 0. */
  formatAt(settings: ArgumentsOf<P>, place: Place, epoch: number): string;
}

export const defineProgression = <const P extends Parameters>(progression: Progression<P>): Progression<P> => progression;
