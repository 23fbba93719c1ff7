import { DataError } from "#compiler/catalog/data-error.js";
import type { Samples } from "#compiler/catalog/samples.js";
import { sizeOf } from "#compiler/ir/types.js";
import { permutation, random, type Random } from "#compiler/random.js";
import type { Inputs, PreparedDataset } from "./dataset.js";
import { quantiseSamples } from "./quantise.js";

/** Which samples an epoch shows; the same key always gives the same samples in the same order. */
export interface EpochKey {
  readonly seed: number;
  /** From 0. */
  readonly epoch: number;
  /** Whether an epoch shows the plain samples beside their changed copies, or the changed copies alone. */
  readonly originals: "keep" | "replace";
}

/** The samples of one epoch and the order in which to show them. */
export interface EpochSamples extends Inputs {
  readonly order: Uint32Array;
}

/** Changed copies are converted this many at a time, to keep their fractions in the cache. */
const BATCH = 500;

/** Makes the samples of one epoch: plain ones first, then a changed copy of each, if the dataset has augmentations. */
export function epochSamples(dataset: PreparedDataset, { seed, epoch, originals }: EpochKey): EpochSamples {
  const { train, augments } = dataset;
  const plain = augments.length === 0 || originals === "keep" ? train.count : 0;
  const count = plain + (augments.length === 0 ? 0 : train.count);
  const values = new Int8Array(count * train.size);
  const labels = new Uint8Array(count);
  if (plain > 0) {
    values.set(train.values);
    labels.set(train.labels);
  }
  if (count > plain) {
    augmentInto(dataset, random(seed, "augment", epoch), values.subarray(plain * train.size));
    labels.set(train.labels, plain);
  }
  return { count, size: train.size, values, labels, order: permutation(count, random(seed, "order", epoch)) };
}

function augmentInto(dataset: PreparedDataset, source: Random, into: Int8Array): void {
  const { originals, augments, convert, train } = dataset;
  const changed = bytesOf(originals, Math.min(BATCH, originals.count));
  const size = sizeOf(originals.shape);
  const steps = [new Uint8Array(size), new Uint8Array(size)] as const;
  for (let first = 0; first < originals.count; first += BATCH) {
    const count = Math.min(BATCH, originals.count - first);
    for (let i = 0; i < count; i++) {
      let from = changed.values.subarray((first + i) * size, (first + i + 1) * size);
      augments.forEach((augment, step) => {
        const to = step === augments.length - 1 ? changed.batch.subarray(i * size, (i + 1) * size) : steps[step % 2]!;
        augment(from, to, source);
        from = to;
      });
    }
    const batch: Samples = {
      shape: originals.shape,
      count,
      values: changed.batch.subarray(0, count * size),
      labels: originals.labels.subarray(first, first + count),
    };
    quantiseSamples(convert(batch), into, first * train.size);
  }
}

/** The bytes that augmentations start from, and room for a batch of results. */
function bytesOf({ values, shape }: Samples, batch: number): { readonly values: Uint8Array; readonly batch: Uint8Array } {
  if (!(values instanceof Uint8Array)) {
    throw new DataError("these samples are fractions, and augmentations change bytes", "Remove `augment:` from the dataset.");
  }
  return { values, batch: new Uint8Array(sizeOf(shape) * batch) };
}
