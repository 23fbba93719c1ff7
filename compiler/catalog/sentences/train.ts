import { choice, count, entry, measure, optional, type ArgumentsOf } from "../parameter.js";

/** The settings of `train MODEL on DATASET { … }`. */
export const trainParameters = {
  epochs: measure("epochs", "How often training goes through the data.", { least: 1 }),
  batch: optional(count("Samples per step."), 64),
  optimizer: optional(entry("optimizers", "What turns gradients into changes of the weights."), {
    name: "adam",
    arguments: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0 },
  }),
  rate: entry("schedules", "The learning rate, from the first step to the last."),
  clip: optional(entry("clips", "Where the weights of formats with a clipping scalar are cut off."), {
    name: "octav",
    arguments: { until: Number.POSITIVE_INFINITY, per: "tensor" },
  }),
  originals: optional(
    choice(["keep", "replace"], "Whether an epoch has the plain samples beside the augmented ones, or only these."),
    "keep",
  ),
  balance: optional(choice(["none", "classes"], "Whether rare classes weigh more in the loss."), "none"),
  seed: optional(count("Picks the initial weights, the order and the augmentation.", { least: 0 }), 1),
} as const;

export type TrainSettings = ArgumentsOf<typeof trainParameters>;
