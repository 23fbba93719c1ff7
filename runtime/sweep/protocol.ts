import type { TrainSettings } from "#compiler/catalog/statements/train.js";
import type { Dataset } from "#compiler/ir/module.js";
import type { Network } from "#compiler/ir/network.js";
import type { EngineName } from "../train/engines/index.js";
import type { TrainingEvent } from "../train/events.js";
import type { Outcome } from "./variant.js";

/** What a sweep and the processes that train its variants say to each other; copied, so plain data throughout. */

/** All that a run needs: nothing is read from the model's file, which may be edited meanwhile. */
export interface Order {
  readonly kind: "train";
  readonly network: Network;
  readonly settings: TrainSettings;
  readonly dataset: Dataset;
  readonly engine: EngineName;
  /** Its share of the cores. */
  readonly threads: number;
  /** Where relative paths of the dataset start. */
  readonly modelFolder: string;
  readonly dataDirectory: string | undefined;
  readonly runFolder: string;
  readonly resume: boolean;
}

export type ToWorker = Order | { readonly kind: "stop" };

export type FromWorker =
  { readonly kind: "event"; readonly event: TrainingEvent } | { readonly kind: "outcome"; readonly outcome: Outcome };
