import type { TrainSettings } from "#compiler/catalog/statements/train.js";
import { forever } from "#compiler/catalog/training.js";

/** Settings of a short training, complete with the fallbacks that elaboration would fill in. */
export const shortTraining = (changes: Partial<TrainSettings> = {}): TrainSettings => ({
  epochs: 4,
  batch: 32,
  optimizer: { name: "adam", arguments: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0 } },
  rate: { name: "cosine", arguments: { from: 0.01, to: 0, warm_up: 0, halve_at: 0 } },
  clip: { name: "octav", arguments: { per: "tensor", until: 3 } },
  originals: "keep",
  quantize: { name: "at_once", arguments: {} },
  prune: { name: "nothing", arguments: {} },
  average: 0,
  sparsity: 0,
  smoothing: 0,
  teachers: [],
  trust: 0.5,
  temperature: 2,
  patience: forever,
  balance: "none",
  pool: forever,
  seed: 1,
  ...changes,
});
