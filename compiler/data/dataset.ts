import { DataError } from "#compiler/catalog/data-error.js";
import type { Application, Chain } from "#compiler/catalog/parameter.js";
import {
  type Augment,
  type Augmentation,
  type DataHost,
  type Samples,
  type Source,
  type Splits,
  type Transform,
} from "#compiler/catalog/samples.js";
import { sizeOf } from "#compiler/ir/types.js";
import { checkPresence, checkSamples } from "./check.js";
import { quantiseSamples } from "./quantise.js";

/** What a `dataset` sentence says. */
export interface DatasetDescription {
  readonly source: Application;
  readonly transforms: Chain;
  readonly augment: Chain;
  /** Names for the classes, instead of the source's. */
  readonly classes?: readonly string[];
}

/** The families of the catalogue that a dataset is made of. */
export interface DataCatalog {
  readonly sources: Readonly<Record<string, Source>>;
  readonly transforms: Readonly<Record<string, Transform>>;
  readonly augmentations: Readonly<Record<string, Augmentation>>;
}

/** Samples as the network sees them: `count` int8 inputs of `size` values each, one after the other. */
export interface Inputs {
  readonly count: number;
  readonly size: number;
  readonly values: Int8Array;
  readonly labels: Uint8Array;
}

/** A dataset that is ready for training; `originals`, `convert` and `augments` make the changed copies of each epoch. */
export interface PreparedDataset {
  /** Of one input. */
  readonly shape: readonly number[];
  readonly classes: readonly string[];
  /** What was read, in one line. */
  readonly origin: string;
  readonly train: Inputs;
  readonly validate?: Inputs;
  readonly test: Inputs;
  /** The training samples as the source gave them, before any conversion. */
  readonly originals: Samples;
  readonly convert: (samples: Samples) => Samples;
  readonly augments: readonly Augment[];
}

/** Reads and prepares a dataset; rejects with a `DataError`. */
export async function loadDataset(
  description: DatasetDescription,
  host: DataHost,
  catalog: DataCatalog,
): Promise<PreparedDataset> {
  const { name, arguments: settings } = description.source;
  return prepareDataset(await find(catalog.sources, name).load(host, settings), description, catalog);
}

/** Arranges, converts and quantises what a source gave; throws a `DataError`. */
export function prepareDataset(
  given: Splits,
  description: Omit<DatasetDescription, "source">,
  catalog: DataCatalog,
): PreparedDataset {
  const { transforms, augment, classes = given.classes } = description;
  checkSamples({ ...given, classes });
  const splits = arrange({ ...given, classes }, transforms, catalog);
  checkPresence(splits);
  const { convert, train } = prepareConversions(splits.train, transforms, catalog);
  return {
    shape: train.shape,
    classes: splits.classes,
    origin: splits.origin,
    train: quantised(train),
    ...(splits.validate && { validate: quantised(convert(splits.validate)) }),
    test: quantised(convert(splits.test)),
    originals: splits.train,
    convert,
    augments: augment.map(({ name, arguments: settings }) =>
      find(catalog.augmentations, name).prepare(splits.train.shape, settings),
    ),
  };
}

const arrange = (splits: Splits, transforms: Chain, catalog: DataCatalog): Splits =>
  transforms.reduce((arranged, { name, arguments: settings }) => {
    const transform = find(catalog.transforms, name);
    return transform.kind === "arrangement" ? transform.arrange(arranged, settings) : arranged;
  }, splits);

interface Converted {
  readonly convert: (samples: Samples) => Samples;
  readonly train: Samples;
}

function prepareConversions(originals: Samples, transforms: Chain, catalog: DataCatalog): Converted {
  const steps: ((samples: Samples) => Samples)[] = [];
  const train = transforms.reduce((converted, { name, arguments: settings }) => {
    const transform = find(catalog.transforms, name);
    if (transform.kind !== "conversion") return converted;
    const needs = transform.infer(converted.shape, settings);
    if ("needs" in needs) {
      throw new DataError(
        `\`${name}\` needs ${needs.needs}, but the samples are [${converted.shape.join(", ")}]`,
        "Change the order of the steps, or leave it out.",
      );
    }
    const step = transform.prepare(converted, settings);
    steps.push(step);
    return step(converted);
  }, originals);
  return { train, convert: (samples) => steps.reduce((converted, step) => step(converted), samples) };
}

/** The int8 inputs of converted samples. */
export function quantised(samples: Samples): Inputs {
  const values = new Int8Array(samples.values.length);
  quantiseSamples(samples, values);
  return { count: samples.count, size: sizeOf(samples.shape), values, labels: samples.labels };
}

function find<T>(family: Readonly<Record<string, T>>, name: string): T {
  const found = Object.hasOwn(family, name) ? family[name] : undefined;
  if (found === undefined) {
    throw new DataError(`there is no \`${name}\` to prepare data with`, `Known: ${Object.keys(family).join(", ")}.`);
  }
  return found;
}
