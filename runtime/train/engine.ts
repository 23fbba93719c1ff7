import type { Application } from "#compiler/ir/application.js";
import type { Network } from "#compiler/ir/network.js";
import type { Masking } from "./mask-learning.js";
import type { TrainingState } from "./state.js";

/** Samples of one step. */
export interface Batch {
  /** int8 inputs, one sample after the other. */
  readonly inputs: Int8Array;
  readonly labels: Uint8Array;
  /** What the answers should be, [samples, classes], each row adding up to one: the labels, where it is not given. */
  readonly targets?: Float32Array;
}

export interface StepResult {
  /** Mean over the batch. */
  readonly loss: number;
  readonly correct: number;
}

/** What an engine is built for. */
export interface EngineTask {
  readonly network: Network;
  readonly optimizer: Application;
  /** Over how many steps weights are averaged: see `averaging.ts`. */
  readonly average: number;
  /** Samples of a step at most. */
  readonly batch: number;
  /** The rule of the clipping scalars: those that are learned change with every step. */
  readonly clip: Application;
  /** What masks are learned; none by default. */
  readonly masking?: Masking;
  /** How much each class counts in the loss. */
  readonly classWeights: Float32Array;
  /** How many may work at a step: all cores by default. The weights do not depend on it. */
  readonly threads?: number;
}

/**
 * Executes training steps. Between steps its whole memory is a `TrainingState`, so that checkpoints, clipping and
 * evaluation know nothing of engines; the same state, batches and rates give the same next state.
 */
export interface Engine {
  /** For reports: which library, on which backend. */
  readonly name: string;
  /** Continues from a copy of `state`. */
  load(state: TrainingState): void;
  /** One step of the optimizer; a loss that is no number leaves the weights as they were. */
  step(batch: Batch, rate: number): StepResult;
  /** The float sums of the last layer, [samples, classes], with weights and activations fake-quantized. */
  sums(inputs: Int8Array): Float32Array;
  /** A copy of the state now. */
  state(): TrainingState;
  dispose(): void;
}

export type EngineFactory = (task: EngineTask) => Promise<Engine>;
