import { beside, choice, count, entry, list, measure, modelName, number, optional, type ArgumentsOf } from "../parameter.js";
import { forever } from "../training.js";

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
  pool: optional(
    measure(
      "epochs",
      "For how many epochs changed copies are made; those after them show the same again. Without it, no copy is shown twice.",
      { least: 1 },
    ),
    forever,
  ),
  quantize: optional(entry("progressions", "When weights take the format that ships."), { name: "at_once", arguments: {} }),
  prune: optional(entry("prunings", "Whether layers begin with more neurons or channels than ship, and how these are chosen."), {
    name: "nothing",
    arguments: {},
  }),
  average: optional(
    measure(
      "steps",
      "Over about how many steps weights are averaged before they are measured and kept; with 0, those of the last step are.",
    ),
    0,
  ),
  smoothing: optional(measure("share", "How much of the right answer all classes share alike.", { least: 0, most: 0.9 }), 0),
  teachers: optional(
    list(
      modelName("A model of the file, or one that it uses."),
      "Trained models with the same input and classes: what they answer on average is learned, too.",
    ),
    [],
  ),
  trust: beside(
    "teachers",
    optional(measure("share", "How large a share of the right answer the teachers' is.", { least: 0, most: 1 }), 0.5),
  ),
  temperature: beside(
    "teachers",
    optional(number("What the teachers' sums are divided by: the higher, the more of their doubts are taught.", { least: 0.1 }), 2),
  ),
  patience: optional(
    measure("epochs", "After how many epochs without a better one on validation data training ends.", { least: 1 }),
    forever,
  ),
  balance: optional(choice(["none", "classes"], "Whether rare classes weigh more in the loss."), "none"),
  seed: optional(count("Picks the initial weights, the order and the augmentation.", { least: 0 }), 1),
} as const;

export type TrainSettings = ArgumentsOf<typeof trainParameters>;
