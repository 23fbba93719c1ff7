import type { ArgumentsOf, Definition, Parameters } from "./parameter.js";

/** The position of a layer among those with weights. */
export interface Place {
  /** The format that it ships in. */
  readonly format: string;
  /** From 0, in the order of the network. */
  readonly index: number;
}

/** Progressive quantization: the format that weights are trained in, epoch by epoch, until it is the one that ships. */
export interface Progression<P extends Parameters = Parameters> extends Definition<P> {
  /** `epoch` counts from 0. */
  formatAt(settings: ArgumentsOf<P>, place: Place, epoch: number): string;
}

export const defineProgression = <const P extends Parameters>(progression: Progression<P>): Progression<P> => progression;
