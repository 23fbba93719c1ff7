import { beside, choice, count, entry, list, measure, modelName, number, optional, type ArgumentsOf } from "../parameter.js";
import { forever } from "../training.js";

/** The settings of `train MODEL on DATASET { … }`; the binder completes fallback entries with their own fallbacks. */
export const trainParameters = {
  epochs: measure("epochs", "Passes over the training data.", { least: 1 }),
  batch: optional(count("Samples per step."), 64),
  optimizer: optional(entry("optimizers", "The optimizer."), {
    name: "adam",
    arguments: {},
  }),
  rate: entry("schedules", "The learning rate, from the first step to the last."),
  clip: optional(entry("clips", "The rule for the clipping scalar of each layer: at which magnitude weights saturate."), {
    name: "octav",
    arguments: {},
  }),
  originals: optional(
    choice(["keep", "replace"], "Whether an epoch has the unaugmented samples beside the augmented ones, or only these."),
    "keep",
  ),
  pool: optional(
    measure(
      "epochs",
      "For how many epochs augmented samples are cached; later epochs reuse them. Without it, every epoch draws new ones.",
      { least: 1 },
    ),
    forever,
  ),
  quantize: optional(entry("progressions", "When weights take the format that ships."), { name: "at_once", arguments: {} }),
  prune: optional(
    entry("prunings", "Structured pruning: whether layers begin with more neurons or channels than ship, and how these are chosen."),
    {
      name: "nothing",
      arguments: {},
    },
  ),
  average: optional(
    measure(
      "steps",
      "Time constant of the exponential moving average (EMA) of the weights that is evaluated and kept; 0 keeps the weights of the last step.",
    ),
    0,
  ),
  sparsity: optional(
    number(
      "Sparsity: how much the activity of hidden layers of a fixed range costs beside the loss, by an L1 penalty. Zeros take no time on the chip.",
      { least: 0 },
    ),
    0,
  ),
  smoothing: optional(
    measure("share", "Label smoothing: the share of the target that is spread evenly over all classes.", { least: 0, most: 0.9 }),
    0,
  ),
  teachers: optional(
    list(
      modelName("A model of the file, or one that it uses."),
      "Knowledge distillation: trained models with the same input and classes, whose mean softmax is a soft target.",
    ),
    [],
  ),
  trust: beside(
    "teachers",
    optional(measure("share", "Weight of the teachers' soft targets against the labels.", { least: 0, most: 1 }), 0.5),
  ),
  temperature: beside(
    "teachers",
    optional(number("Temperature of the teachers' softmax: the higher, the softer the targets.", { least: 0.1 }), 2),
  ),
  patience: optional(
    measure("epochs", "Early stopping: after how many epochs without a better one on validation data training ends.", { least: 1 }),
    forever,
  ),
  balance: optional(choice(["none", "classes"], "Class weights: whether rare classes weigh more in the loss."), "none"),
  seed: optional(count("Seed of the initial weights, the order of samples and the augmentation.", { least: 0 }), 1),
} as const;

export type TrainSettings = ArgumentsOf<typeof trainParameters>;
