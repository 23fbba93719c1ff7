import type { Batch } from "./engine.js";
import { targetsOf } from "./targets.js";

export interface Loss {
  /** Mean over the batch, in nats. */
  readonly loss: number;
  readonly correct: number;
  /** Of the loss, by the sums: [batch, classes]. */
  readonly gradient: Float32Array;
}

/** Softmax cross-entropy of a batch of sums, [batch, classes]; `classWeights` says how much each class counts. */
export function softmaxCrossEntropy(
  sums: Float32Array,
  { labels, targets: given }: Omit<Batch, "inputs">,
  classWeights: Float32Array,
): Loss {
  const classes = classWeights.length;
  const targets = given ?? targetsOf(labels, classes, 0);
  const batch = labels.length;
  const gradient = new Float32Array(sums.length);
  let loss = 0;
  let correct = 0;
  for (let sample = 0; sample < batch; sample++) {
    const row = sums.subarray(sample * classes, (sample + 1) * classes);
    const label = labels[sample]!;
    const best = indexOfLargest(row);
    if (best === label) correct++;
    let total = 0;
    for (const sum of row) total += Math.exp(sum - row[best]!);
    const weight = classWeights[label]! / batch;
    const target = targets.subarray(sample * classes, (sample + 1) * classes);
    loss += weight * (Math.log(total) + row[best]! - target.reduce((answer, share, c) => answer + share * row[c]!, 0));
    for (let c = 0; c < classes; c++) {
      gradient[sample * classes + c] = weight * (Math.exp(row[c]! - row[best]!) / total - target[c]!);
    }
  }
  return { loss, correct, gradient };
}

/** Class weights: all 1, or inverse to the class frequency, with a mean of 1 over the samples. */
export function classWeightsOf(balance: "none" | "classes", labels: Uint8Array, classes: number): Float32Array {
  if (balance === "none") return new Float32Array(classes).fill(1);
  const counts = new Uint32Array(classes);
  for (const label of labels) counts[label]!++;
  return Float32Array.from(counts, (count) => (count === 0 ? 0 : labels.length / (classes * count)));
}

/** Argmax, the first of equal ones, as the integer model decides. */
export function indexOfLargest(row: Float32Array): number {
  let best = 0;
  for (let i = 1; i < row.length; i++) if (row[i]! > row[best]!) best = i;
  return best;
}
