import { DataError } from "../data-error.js";
import { sizeOf } from "../../ir/types.js";
import type { Samples, Splits } from "../samples.js";

/**
 * IDX, the format of MNIST and its relatives: two zero bytes, the element type, the number of dimensions, each
 * dimension as a big-endian 32-bit integer, then the elements in row-major order.
 */
export interface Idx {
  readonly shape: readonly number[];
  readonly values: Uint8Array;
}

const UNSIGNED_BYTE = 0x08;
const remedy = "Give an IDX file of unsigned bytes, plain or gzipped: images as [count, height, width], labels as [count].";

/** Reads uncompressed IDX bytes; `name` is what messages call the file. */
export function parseIdx(bytes: Uint8Array, name: string): Idx {
  const wrong = (what: string): DataError => new DataError(`${name} ${what}`, remedy);
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0) throw wrong("is not an IDX file");
  if (bytes[2] !== UNSIGNED_BYTE) {
    throw wrong(`holds elements of type 0x${bytes[2]!.toString(16).padStart(2, "0")}, not unsigned bytes (0x08)`);
  }
  const rank = bytes[3]!;
  const start = 4 + 4 * rank;
  if (rank === 0 || bytes.length < start) throw wrong("ends within its header");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const size = sizeOf(shape);
  const held = bytes.length - start;
  if (held !== size) throw wrong(`announces ${shape.join(" x ")} = ${size} bytes but holds ${held}`);
  return { shape, values: bytes.subarray(start) };
}

/** Joins a file of images (or of any other samples) with its file of labels. */
export function idxSamples(images: Idx, labels: Idx, name: string): Samples {
  const [count = 0, ...shape] = images.shape;
  if (shape.length === 0) throw new DataError(`${name}: the images have only one dimension`, "Were images and labels swapped?");
  if (labels.shape.length !== 1) {
    throw new DataError(`${name}: the labels have ${labels.shape.length} dimensions instead of one`, "Were images and labels swapped?");
  }
  if (labels.shape[0] !== count) {
    throw new DataError(`${name}: ${count} images but ${labels.shape[0]} labels`, "Give images and labels of the same set.");
  }
  return { shape, count, values: images.values, labels: labels.values };
}

/** The four files of a set as published; each may be a path, a remote file… whatever `read` understands. */
export interface IdxFiles<File> {
  readonly trainImages: File;
  readonly trainLabels: File;
  readonly testImages: File;
  readonly testLabels: File;
}

/** Reads both halves of a set. */
export async function readIdxSplits<File>(
  files: IdxFiles<File>,
  read: (file: File) => Promise<Uint8Array>,
  nameOf: (file: File) => string,
): Promise<Pick<Splits, "train" | "test">> {
  const parse = async (file: File): Promise<Idx> => parseIdx(await read(file), nameOf(file));
  return {
    train: idxSamples(await parse(files.trainImages), await parse(files.trainLabels), nameOf(files.trainImages)),
    test: idxSamples(await parse(files.testImages), await parse(files.testLabels), nameOf(files.testImages)),
  };
}

/** The file names that MNIST's authors chose and all its relatives kept. */
const STEMS: IdxFiles<string> = {
  trainImages: "train-images-idx3-ubyte",
  trainLabels: "train-labels-idx1-ubyte",
  testImages: "t10k-images-idx3-ubyte",
  testLabels: "t10k-labels-idx1-ubyte",
};

/** Makes one thing of each of the four classic file names. */
export const idxFiles = <File>(make: (stem: string, role: keyof IdxFiles<unknown>) => File): IdxFiles<File> => ({
  trainImages: make(STEMS.trainImages, "trainImages"),
  trainLabels: make(STEMS.trainLabels, "trainLabels"),
  testImages: make(STEMS.testImages, "testImages"),
  testLabels: make(STEMS.testLabels, "testLabels"),
});
