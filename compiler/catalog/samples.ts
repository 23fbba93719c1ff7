import type { Random } from "../random.js";
import type { ArgumentsOf, Definition, Parameters } from "./parameter.js";

/**
 * Data on its way into a network: where samples come from (sources), what is done to all of them once
 * (transforms), and what training does to each anew in every epoch (augmentations).
 */

/** `count` samples of one shape, one after the other, row-major; bytes until a transform makes them floats. */
export interface Samples {
  /** Of one sample: `[28, 28]` is [height, width]. */
  readonly shape: readonly number[];
  readonly count: number;
  readonly values: Uint8Array | Float32Array;
  /** The class of each sample, an index into `Splits.classes`. */
  readonly labels: Uint8Array;
}

export interface Splits {
  readonly train: Samples;
  readonly test: Samples;
  /** Picks checkpoints; absent unless the dataset declares one. */
  readonly validate?: Samples;
  readonly classes: readonly string[];
}

/** A file some source is published as. */
export interface RemoteFile {
  /** Folder and file name under a data directory: `mnist/t10k-labels-idx1-ubyte.gz`. */
  readonly path: string;
  readonly url: string;
  /** MD5 of the file's *uncompressed* bytes: recompressed copies are as good as the original. */
  readonly md5: string;
}

/** The outside world as sources see it. */
export interface DataHost {
  /** The uncompressed bytes of a published file, found in a data directory or downloaded; rejects with a message for the user. */
  published(file: RemoteFile): Promise<Uint8Array>;
  /** The uncompressed bytes of a user's file, relative to the model's folder; rejects with a message for the user. */
  own(path: string): Promise<Uint8Array>;
}

export interface Source<P extends Parameters = Parameters> extends Definition<P> {
  /** The shape of one sample and the classes, when the arguments alone tell: checks models before any data is read. */
  describe(settings: ArgumentsOf<P>): { readonly shape?: readonly number[]; readonly classes?: readonly string[] };
  /** Rejects with a message for the user when the data is missing or malformed. */
  load(host: DataHost, settings: ArgumentsOf<P>): Promise<Splits>;
}

export interface Transform<P extends Parameters = Parameters> extends Definition<P> {
  /** The shape it makes of `shape`, or what it needs instead. */
  infer(shape: readonly number[], settings: ArgumentsOf<P>): { readonly shape: readonly number[] } | { readonly needs: string };
  /** Statistics that it needs are taken from `splits.train` only. */
  apply(splits: Splits, settings: ArgumentsOf<P>): Splits;
}

/** Writes a changed copy of one sample (`from`) to `to`, both bytes of the prepared shape; draws only from `random`. */
export type Augment = (from: Uint8Array, to: Uint8Array, random: Random) => void;

export interface Augmentation<P extends Parameters = Parameters> extends Definition<P> {
  /** Prepares tables for samples of one shape; augmentations see the source's samples, before any transform. */
  prepare(shape: readonly number[], settings: ArgumentsOf<P>): Augment;
}

export const defineSource = <const P extends Parameters>(source: Source<P>): Source<P> => source;
export const defineTransform = <const P extends Parameters>(transform: Transform<P>): Transform<P> => transform;
export const defineAugmentation = <const P extends Parameters>(augmentation: Augmentation<P>): Augmentation<P> => augmentation;
