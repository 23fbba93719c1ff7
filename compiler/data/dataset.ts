import type { Application, Chain } from "#compiler/ir/application.js";
import {
  type Augment,
  type Augmentation,
  type DataHost,
  type Samples,
  sharedRoom,
  type Source,
  type Splits,
  type Transform,
} from "#compiler/catalog/samples.js";
import { type Activation, sizeOf } from "#compiler/ir/types.js";
import { checkPresence, checkSamples, remarksOnSets } from "./check.js";
import { type Conversions, type PreparedStep, prepareConversions, type Wanted } from "./conversions.js";
import { entryOf } from "./entry.js";
import { remarksOnFeatures } from "./features.js";

/** What a `dataset` statement says. */
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

/** Samples as the network sees them: `count` inputs of `size` values each, a byte for each value, one after the other. */
export interface Inputs {
  readonly count: number;
  readonly size: number;
  readonly values: Int8Array;
  readonly labels: Uint8Array;
}

/** What epochs are made of: the unaugmented inputs, and what makes the augmented ones. */
export interface EpochSource extends Pick<Conversions, "convert"> {
  readonly train: Inputs;
  /** The training samples as the source gave them, before any conversion. */
  readonly originals: Samples;
  readonly augments: readonly Augment[];
}

/** How samples become inputs, as plain data: another thread makes the same of the same samples. */
export interface Recipe extends Pick<DatasetDescription, "transforms" | "augment"> {
  /** Of the inputs; i8 unless given. */
  readonly element?: Activation;
}

/** A dataset that is ready for training. */
export interface PreparedDataset extends EpochSource {
  /** Of one input. */
  readonly shape: readonly number[];
  /** Of the values of inputs. */
  readonly element: Activation;
  readonly classes: readonly string[];
  /** What was read, in one line. */
  readonly origin: string;
  /** How a sample of the source becomes an input, step by step: what firmware has to do. */
  readonly preparation: readonly string[];
  /** The same as data, with what was measured. */
  readonly steps: readonly PreparedStep[];
  /** What was assumed of the data or left out of it, and what looks wrong in it, a sentence each. */
  readonly remarks: readonly string[];
  readonly validate?: Inputs;
  readonly test: Inputs;
  readonly recipe: Recipe;
}

/** Reads a dataset and prepares it for a network; rejects with a `DataError`. */
export async function loadDataset(
  description: DatasetDescription,
  host: DataHost,
  catalog: DataCatalog,
  wanted: Wanted = {},
): Promise<PreparedDataset> {
  const { name, arguments: settings } = description.source;
  const given = await entryOf(catalog.sources, name).load(host, settings, description.classes);
  return prepareDataset(given, description, catalog, wanted);
}

/** Arranges, converts and quantizes what a source gave; throws a `DataError`. */
export function prepareDataset(
  given: Splits,
  description: Omit<DatasetDescription, "source">,
  catalog: DataCatalog,
  { element = "i8", steps }: Wanted = {},
): PreparedDataset {
  const { transforms, augment, classes = given.classes } = description;
  const recipe = { transforms, augment, element };
  checkSamples({ ...given, classes });
  const splits = arrange({ ...given, classes }, transforms, catalog);
  checkPresence(splits);
  const originals = augment.length > 0 ? shared(splits.train) : splits.train;
  const copies = prepareCopies(originals, recipe, catalog, steps);
  return {
    classes: splits.classes,
    origin: splits.origin,
    remarks: [
      ...(splits.remarks ?? []),
      ...remarksOnSets(splits),
      // Pictures have no features.
      ...(originals.values instanceof Uint8Array
        ? []
        : remarksOnFeatures(copies.converted(originals), splits.features, copies.scalesFeatures)),
    ],
    element,
    train: quantized(splits.train, copies),
    ...(splits.validate && { validate: quantized(splits.validate, copies) }),
    test: quantized(splits.test, copies),
    recipe,
    ...copies,
  };
}

/** The same samples in memory that other threads see without a copy. */
function shared({ shape, count, values, labels }: Samples): Samples {
  if (values.buffer instanceof SharedArrayBuffer) return { shape, count, values, labels };
  const copy = sharedRoom(values, values.length);
  copy.set(values);
  return { shape, count, values: copy, labels };
}

/** What augments training samples; `shape` is that of converted ones. */
export function prepareCopies(
  originals: Samples,
  { transforms, augment, element = "i8" }: Recipe,
  catalog: Omit<DataCatalog, "sources">,
  steps?: readonly PreparedStep[],
): Omit<EpochSource, "train"> & Conversions {
  const augments = augment.map(({ name, arguments: settings }) => entryOf(catalog.augmentations, name).prepare(originals, settings));
  return { originals, augments, ...prepareConversions(originals, transforms, catalog.transforms, { element, ...(steps && { steps }) }) };
}

const arrange = (splits: Splits, transforms: Chain, catalog: DataCatalog): Splits =>
  transforms.reduce((arranged, { name, arguments: settings }) => {
    const transform = entryOf(catalog.transforms, name);
    return transform.kind === "arrangement" ? transform.arrange(arranged, settings) : arranged;
  }, splits);

/** Samples are converted this many at a time, to keep their fractions in the cache. */
export const convertedAtOnce = 500;

/** The inputs that samples become, in memory that threads share. */
function quantized(samples: Samples, { convert, shape }: Conversions): Inputs {
  const [from, size] = [sizeOf(samples.shape), sizeOf(shape)];
  const values = new Int8Array(new SharedArrayBuffer(samples.count * size));
  for (let first = 0; first < samples.count; first += convertedAtOnce) {
    const end = Math.min(first + convertedAtOnce, samples.count);
    const part = {
      ...samples,
      count: end - first,
      labels: samples.labels.subarray(first, end),
      values: samples.values.subarray(first * from, end * from),
    };
    convert(part, values, first * size);
  }
  return { count: samples.count, size, values, labels: samples.labels };
}
