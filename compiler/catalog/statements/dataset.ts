import { chain, list, optional, text, type ArgumentsOf } from "../parameter.js";

/** The settings of `dataset NAME { … }`. */
export const datasetParameters = {
  samples: chain("transforms", "Where samples come from, then what is done to all of them.", "sources"),
  augment: optional(chain("augmentations", "Augmentations, drawn anew for each sample in every epoch."), []),
  classes: optional(list(text("A class."), "Names of the classes, in the order of the labels.", 2), []),
} as const;

export type DatasetSettings = ArgumentsOf<typeof datasetParameters>;
