import type { Inputs } from "#compiler/data/dataset.js";
import type { Network } from "#compiler/ir/network.js";
import { sizeOf } from "#compiler/ir/types.js";
import type { Weights } from "#compiler/ir/weights.js";
import { quantizeWeights } from "#compiler/catalog/integers.js";
import { classOf, interpreter } from "#compiler/reference/run.js";

/** Samples that a firmware carries to show that it works. */
export interface Demo {
  /** Where the samples come from. */
  readonly dataset: string;
  /** Values in a row of a sample. */
  readonly width: number;
  readonly samples: readonly DemoSample[];
}

export interface DemoSample {
  readonly input: Int8Array;
  /** What it shows. */
  readonly label: number;
  /** The class that the model answers, and a checksum of its logits. */
  readonly answer: number;
  readonly checksum: number;
}

/** What a demo is made of: test samples of this dataset and shape. */
export interface DemoRequest {
  readonly dataset: string;
  readonly shape: readonly number[];
  readonly count: number;
}

/** Test samples of as many different classes as possible, in the order of the test set, with the reference's answers. */
export function demoOf(network: Network, weights: Weights, test: Inputs, { dataset, shape, count }: DemoRequest): Demo {
  const infer = interpreter(network, quantizeWeights(network, weights));
  const samples = choose(test.labels, Math.min(count, test.count)).map((index): DemoSample => {
    const input = test.values.slice(index * test.size, (index + 1) * test.size);
    const logits = infer(input);
    return { input, label: test.labels[index]!, answer: classOf(logits), checksum: checksumOf(logits) };
  });
  return { dataset, width: rowOf(shape), samples };
}

/** Rows of images up to this width fit on a line of C. */
const widest = 32;

function rowOf(shape: readonly number[]): number {
  const row = sizeOf(shape.slice(1));
  return shape.length > 1 && row <= widest ? row : 16;
}

/** The first sample of each class, then the others. */
function choose(labels: Uint8Array, count: number): readonly number[] {
  const seen = new Set<number>();
  const indices = [...labels.keys()];
  const first = indices.filter((index) => !seen.has(labels[index]!) && seen.add(labels[index]!));
  const chosen = new Set(first);
  return [...first, ...indices.filter((index) => !chosen.has(index))].slice(0, count);
}

/** As the emitted main computes it: rotated by five bits before each logit is added. */
export const checksumOf = (logits: Int32Array): number =>
  logits.reduce((sum, logit) => (((sum << 5) | (sum >>> 27)) + logit) >>> 0, 0) >>> 0;
