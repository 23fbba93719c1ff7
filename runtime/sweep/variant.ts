import type { TrainSettings } from "#compiler/catalog/statements/train.js";
import type { Dataset } from "#compiler/ir/module.js";
import type { Network } from "#compiler/ir/network.js";
import type { Cost } from "#compiler/ir/plan.js";
import type { EngineName } from "../train/engines/index.js";
import type { Values } from "./grid.js";

/** One point of a sweep that is sound and fits its chips: what is trained. */
export interface Variant {
  /** Of its run folder. */
  readonly name: string;
  /** What was swept. */
  readonly values: Values;
  readonly network: Network;
  readonly settings: TrainSettings;
  readonly dataset: Dataset;
  readonly engine: EngineName;
  readonly costs: readonly TargetCost[];
}

/** What the planner expects of a variant on a chip. */
export interface TargetCost {
  readonly target: string;
  readonly cost: Cost;
}

/** `width=16 weights=2bitsym`. */
export const showValues = (values: Values): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");

/** How the integer model did, on which samples. */
export interface VariantResult {
  /** Validation data where the dataset holds some out: who chooses by the test set fits it. */
  readonly set: "validation" | "test";
  readonly samples: number;
  readonly correct: number;
  /** The epoch whose weights they are. */
  readonly epoch: number;
  /** SHA-256 of the weights file. */
  readonly weights: string;
}

/** How far a variant came. */
export type Outcome =
  | { readonly kind: "finished"; readonly result: VariantResult }
  | { readonly kind: "failed"; readonly message: string; readonly remedy: string }
  /** Ctrl-C: a checkpoint was saved, or it had not begun. */
  | { readonly kind: "unfinished" };
