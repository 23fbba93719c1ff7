import type { Application } from "../../ir/application.js";
import { chain, list, optional, text, type ArgumentsOf } from "../parameter.js";
import type { Transform } from "../samples.js";
import scale from "../transforms/scale.js";

/** The settings of `dataset NAME { … }`. */
export const datasetParameters = {
  samples: chain("transforms", "Where samples come from, then what is done to all of them.", "sources"),
  augment: optional(chain("augmentations", "Augmentations, drawn anew for each sample in every epoch."), []),
  classes: optional(list(text("A class."), "Names of the classes, in the order of the labels.", 2), []),
} as const;

export type DatasetSettings = ArgumentsOf<typeof datasetParameters>;

/** The quantization of a dataset that states none: `scale` with its defaults. */
export const defaultQuantization: Application = {
  name: scale.name,
  arguments: Object.fromEntries(Object.entries(scale.parameters).map(([name, { fallback }]) => [name, fallback])),
};

/** The quantization of weights files from before there was a choice. */
export const formerQuantization: Application = { name: scale.name, arguments: { per: "sample", clip: 0 } };

/** Conversions with the quantization that ends them; with another one where they state none. */
export function quantizedBy<Step extends Application>(
  quantization: Step,
  conversions: readonly Step[],
  catalog: Readonly<Record<string, Transform>>,
): readonly Step[] {
  const isStated = conversions.some(({ name }) => catalog[name]?.kind === "quantization");
  return isStated ? conversions : [...conversions, quantization];
}
