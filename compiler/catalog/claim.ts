import type { Network } from "../ir/network.js";
import type { Cost } from "../ir/plan.js";
import type { Dimension } from "../ir/application.js";
import type { ArgumentsOf, Definition, Parameters } from "./parameter.js";

/** What the integer model did on a test set. */
export interface Evaluation {
  readonly samples: number;
  readonly correct: number;
  readonly classes: readonly string[];
  /** `confusion[truth][answer]`: how often. */
  readonly confusion: readonly (readonly number[])[];
}

/** Where the value of a claim comes from, and how. */
export type Decision<A> =
  | { readonly by: "network"; value(network: Network, settings: A): number }
  | { readonly by: "plan"; readonly memory: "flash" | "ram"; value(cost: Cost, settings: A): number }
  | { readonly by: "evaluation"; value(evaluation: Evaluation, settings: A): number }
  | { readonly by: "simulation"; value(simulation: Timed, settings: A): number };

/** How long inferences take on a simulated chip, in seconds. */
export interface Timed {
  /** Of the test samples. */
  readonly mean: number;
  /** Of the slowest input that was met; looked for when somebody asks. */
  slowest(): number;
  /** That no path through the code exceeds; computed when somebody asks. */
  bound(): number;
}

/** Something a model can be held to: `require flash <= 14 KiB` is decided before training, `expect accuracy >= 98%` measured after. */
export interface ClaimDefinition<P extends Parameters = Parameters> extends Definition<P> {
  readonly mode: "require" | "expect";
  readonly dimension: Dimension;
  readonly decision: Decision<ArgumentsOf<P>>;
}

export const defineClaim = <const P extends Parameters>(claim: ClaimDefinition<P>): ClaimDefinition<P> => claim;
