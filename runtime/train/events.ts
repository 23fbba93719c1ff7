import type { LayerId } from "#compiler/ir/network.js";

/**
 * What a training says while it runs. Epochs and steps count from 1; accuracies and losses are those of the samples
 * since the start of the epoch, losses in nats.
 */
export type TrainingEvent =
  | {
      readonly kind: "start";
      readonly engine: string;
      readonly network: string;
      readonly dataset: string;
      readonly epochs: number;
      /** Epochs that a resumed run brings along, and steps of the next one. */
      readonly resumedAfter: { readonly epochs: number; readonly steps: number } | undefined;
    }
  | {
      readonly kind: "step";
      readonly epoch: number;
      readonly epochs: number;
      readonly step: number;
      readonly steps: number;
      readonly loss: number;
      readonly accuracy: number;
      readonly samplesPerSecond: number;
      readonly secondsLeft: number;
    }
  | ({ readonly kind: "epoch" } & EpochReport)
  | { readonly kind: "interrupted"; readonly epoch: number; readonly step: number; readonly checkpoint: string }
  | {
      readonly kind: "finished";
      /** The epoch whose weights were chosen. */
      readonly epoch: number;
      readonly integerAccuracy: number;
      readonly floatAccuracy: number;
      readonly weights: string;
    };

/** How one layer with weights does in its integers. */
export interface LayerStatistics {
  /** Of the codes of its weights, in bits: at most the width of the format, where all codes are as frequent. */
  readonly entropy: number;
  /** The share of its sums that are above zero, on some samples of the test set. */
  readonly positive: number;
  /** Set bits of each value that it reads, in the mean over these samples: what it visits on a core that does not multiply. */
  readonly digits: number;
}

/** Cycles of an inference, by the name of the target. */
export type CyclesByTarget = Readonly<Record<string, number>>;

/** One finished epoch. */
export interface EpochReport {
  readonly epoch: number;
  readonly epochs: number;
  readonly samples: number;
  readonly loss: number;
  /** Of the training samples as they were learned from, by the float model. */
  readonly accuracy: number;
  /** Of the test set, by the integer model. */
  readonly integerAccuracy: number;
  /** Of the validation set, by the integer model, when the dataset has one. */
  readonly validationAccuracy: number | undefined;
  readonly layers: Readonly<Record<LayerId, LayerStatistics>>;
  /** Estimated cycles of an inference by target, with the activation densities of these samples; absent where no chip is known. */
  readonly cycles?: CyclesByTarget;
  /** The learning rate of the last step. */
  readonly rate: number;
  /** Steps and preparation of the samples, without the evaluation; of this session when the epoch was resumed. */
  readonly seconds: number;
}

export type Report = (event: TrainingEvent) => void;
