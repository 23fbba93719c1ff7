import { choice, count, entry, measure, optional, type ArgumentsOf } from "../parameter.js";

/** The settings of `train MODEL on DATASET { … }`; the binder completes fallback entries with their own fallbacks. */
export const trainParameters = {
  epochs: measure("epochs", "How often training goes through the data.", { least: 1 }),
  batch: optional(count("Samples per step."), 64),
  optimizer: optional(entry("optimizers", "What turns gradients into changes of the weights."), {
    name: "adam",
    arguments: {},
  }),
  rate: entry("schedules", "The learning rate, from the first step to the last."),
  clip: optional(entry("clips", "Where the weights of formats with a clipping scalar are cut off."), {
    name: "octav",
    arguments: {},
  }),
  originals: optional(
    choice(["keep", "replace"], "Whether an epoch has the plain samples beside the augmented ones, or only these."),
    "keep",
  ),
  balance: optional(choice(["none", "classes"], "Whether rare classes weigh more in the loss."), "none"),
  seed: optional(count("Picks the initial weights, the order and the augmentation.", { least: 0 }), 1),
} as const;

export type TrainSettings = ArgumentsOf<typeof trainParameters>;
