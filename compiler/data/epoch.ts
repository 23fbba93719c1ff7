import type { Values } from "#compiler/catalog/samples.js";
import { sizeOf } from "#compiler/ir/types.js";
import { permutation, random, type Random } from "#compiler/random.js";
import { convertedAtOnce, type EpochSource, type Inputs } from "./dataset.js";

/** What determines the samples of an epoch: the same settings give the same samples in the same order. */
export interface EpochKey {
  readonly seed: number;
  /** From 0. */
  readonly epoch: number;
  /** Whether an epoch has the unaugmented samples beside the augmented ones, or the augmented ones alone. */
  readonly originals: "keep" | "replace";
  /** For how many epochs augmented samples are drawn; later epochs reuse them. */
  readonly pool: number;
}

/** The samples of one epoch, shuffled. */
export interface EpochSamples extends Inputs {
  /** Where each sample is shown: plain ones count from 0, their changed copies go on from there. */
  readonly places: Uint32Array;
}

/** Makes the samples of one epoch: the unaugmented ones, an augmented copy of each, or both. */
export function epochSamples(source: EpochSource, key: EpochKey): EpochSamples {
  const samples = emptyEpoch(source, key, (bytes) => new ArrayBuffer(bytes));
  const copies = copier(source);
  for (let part = 0; part < partsOf(source); part++) fillPart(source, key, samples, part, copies);
  return samples;
}

/** An epoch whose values are still to be filled in, part by part, in any order and by any thread. */
export function emptyEpoch(source: EpochSource, key: EpochKey, allocate: (bytes: number) => ArrayBufferLike): EpochSamples {
  const { train, augments } = source;
  const plain = plainCount(source, key);
  const count = plain + (augments.length === 0 ? 0 : train.count);
  const places = new Uint32Array(allocate(4 * count));
  places.set(permutation(count, random(key.seed, "order", key.epoch)));
  const labels = new Uint8Array(allocate(count));
  for (let i = 0; i < count; i++) labels[places[i]!] = train.labels[i % train.count]!;
  return { count, size: train.size, values: new Int8Array(allocate(count * train.size)), labels, places };
}

/** How many parts an epoch has. */
export const partsOf = ({ train }: EpochSource): number => Math.ceil(train.count / convertedAtOnce);

/** Gives the changed copies of one part, as the network reads them; they are good until those of the next are asked for. */
export type Copies = (key: EpochKey, part: number) => Int8Array;

/** Fills in one part of an epoch; `copies` gives the changed copies, if the source makes some. */
export function fillPart(source: EpochSource, key: EpochKey, { values, places }: EpochSamples, part: number, copies: Copies): void {
  const { train, augments } = source;
  const first = part * convertedAtOnce;
  const count = Math.min(convertedAtOnce, train.count - first);
  const show = (from: Int8Array, start: number, firstSample: number): void => {
    const [given, shown, size] = [wide(from, train.size), wide(values, train.size), train.size / wideness(train.size)];
    for (let i = 0; i < count; i++) {
      const source = (start + i) * size;
      const target = places[firstSample + i]! * size;
      for (let j = 0; j < size; j++) shown[target + j] = given[source + j]!;
    }
  };
  const plain = plainCount(source, key);
  if (plain > 0) show(train.values, first, first);
  if (augments.length > 0) show(copies(key, part), 0, plain + first);
}

/** Values of samples are copied so many at a time. */
const wideness = (size: number): number => (size % 4 === 0 ? 4 : 1);

const wide = (values: Int8Array, size: number): Int8Array | Int32Array =>
  wideness(size) === 1 ? values : new Int32Array(values.buffer, values.byteOffset, values.length / 4);

/** Makes augmented copies. Each part of each epoch of the pool has a random stream of its own. */
export function copier(source: EpochSource): Copies {
  const { train, originals, convert } = source;
  const change = changer(source);
  const inputs = new Int8Array(convertedAtOnce * train.size);
  return ({ seed, epoch, pool }, part) => {
    const first = part * convertedAtOnce;
    const count = Math.min(convertedAtOnce, train.count - first);
    const labels = originals.labels.subarray(first, first + count);
    const values = change(first, count, random(seed, "augment", epoch % pool, part));
    convert({ shape: originals.shape, count, labels, values }, inputs, 0);
    return inputs.subarray(0, count * train.size);
  };
}

const plainCount = ({ augments, train }: EpochSource, { originals }: EpochKey): number =>
  augments.length === 0 || originals === "keep" ? train.count : 0;

/** What all augmentations make of some originals, in the same memory each time. */
function changer({ originals, augments }: EpochSource): (first: number, count: number, source: Random) => Values {
  const size = sizeOf(originals.shape);
  const empty = (length: number): Values => (originals.values instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length));
  const values = empty(convertedAtOnce * size);
  const steps = [empty(size), empty(size)] as const;
  return (first, count, source) => {
    for (let i = 0; i < count; i++) {
      let from = originals.values.subarray((first + i) * size, (first + i + 1) * size);
      augments.forEach((augment, step) => {
        const to = step === augments.length - 1 ? values.subarray(i * size, (i + 1) * size) : steps[step % 2]!;
        augment(from, to, source);
        from = to;
      });
    }
    return values.subarray(0, count * size);
  };
}
