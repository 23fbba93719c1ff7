import type { TrainSettings } from "#compiler/catalog/sentences/train.js";

/** Settings of a short training, complete with the fallbacks that elaboration would fill in. */
export const shortTraining = (changes: Partial<TrainSettings> = {}): TrainSettings => ({
  epochs: 4,
  batch: 32,
  optimizer: { name: "adam", arguments: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0 } },
  rate: { name: "cosine", arguments: { from: 0.01, to: 0, warm_up: 0 } },
  clip: { name: "octav", arguments: { per: "tensor", until: 3 } },
  originals: "keep",
  balance: "none",
  seed: 1,
  ...changes,
});
