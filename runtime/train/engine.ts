import type { Application } from "#compiler/ir/application.js";
import type { Network } from "#compiler/ir/network.js";
import type { Masking } from "./mask-learning.js";
import type { TrainingState } from "./state.js";

/** Samples of one step. */
export interface Batch {
  /** int8 inputs, one sample after the other. */
  readonly inputs: Int8Array;
  readonly labels: Uint8Array;
  /** Target distributions, [samples, classes], each row adding up to one; one-hot labels where absent. */
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
  /** Time constant of the weights' EMA, in steps: see `averaging.ts`. */
  readonly average: number;
  /** The largest batch. */
  readonly batch: number;
  /** The rule of the clipping scalars: those that are learned change with every step. */
  readonly clip: Application;
  /** What masks are learned; none by default. */
  readonly masking?: Masking;
  /** How much the activity of hidden layers costs; nothing by default. */
  readonly sparsity?: number;
  /** Class weights of the loss. */
  readonly classWeights: Float32Array;
  /** Threads; all cores by default. The weights do not depend on their number. */
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
  /** The float logits, [samples, classes], with weights and activations fake-quantized. */
  sums(inputs: Int8Array): Float32Array;
  /** A copy of the state now. */
  state(): TrainingState;
  dispose(): void;
}

export type EngineFactory = (task: EngineTask) => Promise<Engine>;
