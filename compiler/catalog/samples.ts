import type { Activation } from "../ir/types.js";
import type { Random } from "../random.js";
import type { ArgumentsOf, Definition, Parameters } from "./parameter.js";

/**
 * The data pipeline: where samples come from (sources), what is applied to all of them once (transforms), and what training
 * draws anew for each in every epoch (augmentations).
 */

/** `count` samples of one shape, one after the other, row-major; bytes until a transform makes them floats. */
export interface Samples {
  /** Of one sample: `[28, 28]` is [height, width]. */
  readonly shape: readonly number[];
  readonly count: number;
  readonly values: Values;
  /** The class of each sample, an index into `Splits.classes`. */
  readonly labels: Uint8Array;
  /** Of single frames of recordings, in the order of time: the recording of each. `window` makes series of them. */
  readonly recordings?: Uint32Array;
  /** Group keys of samples, such as a person or a day, by the name that `split(by: …)` takes: the group of each sample. */
  readonly groups?: Readonly<Record<string, Uint32Array>>;
}

export type Values = Uint8Array | Float32Array;

/** Bytes are values of images from 0 to 255; fractions are all others. */
export type ValueKind = "bytes" | "fractions";

/** Room for so many values of the kind of others, in memory that threads share. */
export function sharedRoom(like: Values, length: number): Values {
  const memory = new SharedArrayBuffer(length * like.BYTES_PER_ELEMENT);
  return like instanceof Uint8Array ? new Uint8Array(memory) : new Float32Array(memory);
}

export interface Splits {
  readonly train: Samples;
  readonly test: Samples;
  /** Picks checkpoints; absent unless the dataset declares one. */
  readonly validate?: Samples;
  readonly classes: readonly string[];
  /** Names of the features, where the source has some: of the last axis of samples. */
  readonly features?: readonly string[];
  /** What was read, for reports: "MNIST, 60000 + 10000 images"; says so when it is not the official split. */
  readonly origin: string;
  /** What was assumed of the data or left out of it, and what looks wrong in it, a sentence each. */
  readonly remarks?: readonly string[];
}

/** A file that may lie in a data directory. */
export interface KnownFile {
  /** Folder and file name under a data directory, `mnist/t10k-labels-idx1-ubyte`; with or without a final `.gz`. */
  readonly path: string;
  /** Where else people keep it: `MNIST/raw/t10k-labels-idx1-ubyte`. */
  readonly elsewhere?: readonly string[];
  /** MD5 of the *uncompressed* bytes: recompressed copies are as good as the original. Absent when nobody published it. */
  readonly md5?: string;
}

/** A file that is downloaded when no data directory has it; what is downloaded always has a checksum. */
export interface RemoteFile extends KnownFile {
  readonly md5: string;
  /** Mirrors, tried in this order. */
  readonly urls: readonly string[];
}

/** Files that are published together, in one zip archive. */
export interface RemoteArchive {
  /** Folder and file name of the archive under a data directory. */
  readonly path: string;
  /** MD5 of the archive itself. */
  readonly md5: string;
  /** Mirrors, tried in this order. */
  readonly urls: readonly string[];
  /** About how large it is, for a word of warning: "535 MB". */
  readonly size: string;
}

/** An entry of an archive, and the file that it becomes. */
export interface ArchiveEntry {
  readonly entry: string;
  readonly file: KnownFile;
}

/** File access for sources; every rejection is a `DataError`. */
export interface DataHost {
  /** The uncompressed bytes of a file in a data directory; undefined when none has it. */
  found(file: KnownFile): Promise<Uint8Array | undefined>;
  /** The uncompressed bytes of a published file, found in a data directory or downloaded. */
  published(file: RemoteFile): Promise<Uint8Array>;
  /** Downloads an archive, unless a data directory has it, and puts some of its entries where `found` finds them. */
  unpack(archive: RemoteArchive, entries: readonly ArchiveEntry[]): Promise<void>;
  /** The uncompressed bytes of a user's file: beside the model, else in a data directory. */
  own(path: string): Promise<Uint8Array>;
  /** What a user's folder holds, in the order of names, those of folders with a final slash; undefined when it is none. */
  names(folder: string): Promise<readonly string[] | undefined>;
}

export interface Source<P extends Parameters = Parameters> extends Definition<P> {
  /** The shape of one sample, its kind of values and the classes, when the arguments alone tell: checks models before any data is read. */
  describe(settings: ArgumentsOf<P>): {
    readonly shape?: readonly number[];
    readonly values?: ValueKind;
    readonly classes?: readonly string[];
  };
  /** Rejects with a `DataError` when the data is missing or malformed; sources that name classes go by `classes`, if given. */
  load(host: DataHost, settings: ArgumentsOf<P>, classes?: readonly string[]): Promise<Splits>;
}

interface Shaping<P extends Parameters> extends Definition<P> {
  /** The shape it makes of `shape`, or what it needs instead. */
  infer(shape: readonly number[], settings: ArgumentsOf<P>): { readonly shape: readonly number[] } | { readonly needs: string };
}

/** A transform of whole sets: which samples there are, in which split. It runs before all conversions, wherever it is written. */
export interface Arrangement<P extends Parameters = Parameters> extends Shaping<P> {
  readonly kind: "arrangement";
  /** Throws a `DataError` when the samples do not suffice. */
  arrange(splits: Splits, settings: ArgumentsOf<P>): Splits;
}

/** A transform of single samples: unaugmented ones are converted once, augmented ones in every epoch. */
export interface Conversion<P extends Parameters = Parameters> extends Shaping<P> {
  readonly kind: "conversion";
  /** What values it changes; all when absent. */
  readonly takes?: ValueKind;
  /** What it makes of them; values of the same kind when absent. */
  readonly gives?: ValueKind;
  /**
   * Prepares the change; statistics that it needs are taken from `train`, as the conversions before it left it, unless they are
   * known: then it prepares what was prepared where they were measured.
   */
  prepare(train: Samples, settings: ArgumentsOf<P>, known?: Constants): Converter;
}

/** What a conversion measured on training data, by name; kept with the weights, as float32. */
export type Constants = Readonly<Record<string, readonly number[]>>;

/** A conversion with its tables and statistics. */
export interface Converter {
  /** Absent where the settings say all. */
  readonly constants?: Constants;
  readonly convert: (samples: Samples) => Samples;
  /** What each of the 256 bytes becomes, where a byte always becomes the same. */
  readonly ofBytes?: Float32Array;
  /** What firmware has to do to samples like these to do the same, in words and numbers. */
  readonly explain: (samples: Samples) => string;
}

/** The last conversion: makes converted samples the integers of the element that a network reads. There is always one. */
export interface Quantization<P extends Parameters = Parameters> extends Shaping<P> {
  readonly kind: "quantization";
  /** Whether samples that differ in strength alone become the same integers. */
  losesStrength(settings: ArgumentsOf<P>): boolean;
  /** Whether every feature has a scale of its own, so that small ones are not lost beside large ones. */
  scalesFeatures(settings: ArgumentsOf<P>): boolean;
  /** Prepares it for an element; what it measures, it measures on `train`, converted, unless it is known. */
  prepare(train: Samples, settings: ArgumentsOf<P>, element: Activation, known?: Constants): InputQuantizer;
}

/**
 * A quantization with its constants. It writes one byte for each value, from `offset` on; the bytes of u8 above 127 are read as negative
 * through an Int8Array, and through a Uint8Array on the same memory as what they are.
 */
export interface InputQuantizer extends Pick<Converter, "constants" | "explain"> {
  readonly ofFractions: (values: Float32Array, into: Int8Array, offset: number) => void;
  /** The same of bytes that stand for the 256 values of a table. */
  readonly ofBytes: (meaning: Float32Array) => (values: Uint8Array, into: Int8Array, offset: number) => void;
}

export type Transform<P extends Parameters = Parameters> = Arrangement<P> | Conversion<P> | Quantization<P>;

/** Writes an augmented copy of one sample (`from`) to `to`, both of the kind and shape prepared for; draws only from `random`. */
export type Augment<V extends Values = Values> = (from: V, to: V, random: Random) => void;

export interface Augmentation<P extends Parameters = Parameters> extends Definition<P> {
  /** What values it changes; all when absent. */
  readonly takes?: ValueKind;
  /** Prepares for samples like `originals`: augmentations see them as the source gave them, before any conversion. */
  prepare(originals: Samples, settings: ArgumentsOf<P>): Augment;
}

export const defineSource = <const P extends Parameters>(source: Source<P>): Source<P> => source;
export const defineArrangement = <const P extends Parameters>(entry: Omit<Arrangement<P>, "kind">): Arrangement<P> => ({
  kind: "arrangement",
  ...entry,
});
export const defineConversion = <const P extends Parameters>(entry: Omit<Conversion<P>, "kind">): Conversion<P> => ({
  kind: "conversion",
  ...entry,
});
export const defineQuantization = <const P extends Parameters>(entry: Omit<Quantization<P>, "kind">): Quantization<P> => ({
  kind: "quantization",
  ...entry,
});
export const defineAugmentation = <const P extends Parameters>(augmentation: Augmentation<P>): Augmentation<P> => augmentation;
