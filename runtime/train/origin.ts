import type { TrainSettings } from "#compiler/catalog/statements/train.js";
import type { PreparedDataset } from "#compiler/data/dataset.js";
import type { Provenance } from "../weights/weights.js";

/** A training, as far as the provenance of its weights tells it. */
interface Origin {
  readonly settings: Pick<TrainSettings, "seed">;
  /** Of the variant, as `--set` gives it. */
  readonly set: Readonly<Record<string, string>>;
  readonly data: Pick<PreparedDataset, "origin" | "classes" | "preparation" | "steps">;
}

/** Where weights come from that were trained for so many epochs. */
export const originOf = (
  { settings: { seed }, set, data: { origin, classes, preparation, steps } }: Origin,
  epochs: number,
): Provenance => ({
  epochs,
  seed,
  ...(Object.keys(set).length === 0 ? {} : { set }),
  dataset: origin,
  classes,
  ...(preparation.length === 0 ? {} : { preparation }),
  steps,
});
