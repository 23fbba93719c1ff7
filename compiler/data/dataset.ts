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
import { sizeOf } from "#compiler/ir/types.js";
import { checkPresence, checkSamples, remarksOnSets } from "./check.js";
import { type Conversions, type PreparedStep, prepareConversions } from "./conversions.js";
import { entryOf } from "./entry.js";

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

/** Samples as the network sees them: `count` int8 inputs of `size` values each, one after the other. */
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
export type Recipe = Pick<DatasetDescription, "transforms" | "augment">;

/** A dataset that is ready for training. */
export interface PreparedDataset extends EpochSource {
  /** Of one input. */
  readonly shape: readonly number[];
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

/** Reads and prepares a dataset, by the steps of another preparation where they are known; rejects with a `DataError`. */
export async function loadDataset(
  description: DatasetDescription,
  host: DataHost,
  catalog: DataCatalog,
  known?: readonly PreparedStep[],
): Promise<PreparedDataset> {
  const { name, arguments: settings } = description.source;
  const given = await entryOf(catalog.sources, name).load(host, settings, description.classes);
  return prepareDataset(given, description, catalog, known);
}

/** Arranges, converts and quantises what a source gave; throws a `DataError`. */
export function prepareDataset(
  given: Splits,
  description: Omit<DatasetDescription, "source">,
  catalog: DataCatalog,
  known?: readonly PreparedStep[],
): PreparedDataset {
  const { transforms, augment, classes = given.classes } = description;
  checkSamples({ ...given, classes });
  const splits = arrange({ ...given, classes }, transforms, catalog);
  checkPresence(splits);
  const originals = augment.length > 0 ? shared(splits.train) : splits.train;
  const copies = prepareCopies(originals, { transforms, augment }, catalog, known);
  const train = quantised(splits.train, copies);
  return {
    classes: splits.classes,
    origin: splits.origin,
    remarks: [...(splits.remarks ?? []), ...remarksOnSets(splits)],
    train,
    ...(splits.validate && { validate: quantised(splits.validate, copies) }),
    test: quantised(splits.test, copies),
    recipe: { transforms, augment },
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
  { transforms, augment }: Recipe,
  catalog: Omit<DataCatalog, "sources">,
  known?: readonly PreparedStep[],
): Omit<EpochSource, "train"> & Conversions {
  const augments = augment.map(({ name, arguments: settings }) => entryOf(catalog.augmentations, name).prepare(originals, settings));
  return { originals, augments, ...prepareConversions(originals, transforms, catalog.transforms, known) };
}

const arrange = (splits: Splits, transforms: Chain, catalog: DataCatalog): Splits =>
  transforms.reduce((arranged, { name, arguments: settings }) => {
    const transform = entryOf(catalog.transforms, name);
    return transform.kind === "arrangement" ? transform.arrange(arranged, settings) : arranged;
  }, splits);

/** Samples are converted this many at a time, to keep their fractions in the cache. */
export const convertedAtOnce = 500;

/** The int8 inputs that samples become, in memory that threads share. */
function quantised(samples: Samples, { convert, shape }: Conversions): Inputs {
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
