import type { Evaluation } from "#compiler/catalog/claim.js";
import type { Inputs } from "#compiler/data/dataset.js";
import { type Network, layerOf } from "#compiler/ir/network.js";
import { sizeOf } from "#compiler/ir/types.js";
import type { Weights } from "#compiler/ir/weights.js";
import { quantizeWeights } from "#compiler/catalog/integers.js";
import { classOf, interpreter } from "#compiler/reference/run.js";

/** The sums of the integer model's last layer for every sample: what the chip computes, bit for bit. */
export interface Logits {
  readonly samples: number;
  readonly classes: number;
  /** [samples, classes], row-major. */
  readonly values: Int32Array;
}

/** Runs the integer model on int8 samples; the weights must fit the network. */
export function integerLogits(
  network: Network,
  weights: Weights,
  { count, size, values }: Pick<Inputs, "count" | "size" | "values">,
): Logits {
  const infer = interpreter(network, quantizeWeights(network, weights));
  const classes = sizeOf(layerOf(network, network.result).type.shape);
  const logits = new Int32Array(count * classes);
  for (let i = 0; i < count; i++) logits.set(infer(values.subarray(i * size, (i + 1) * size)), i * classes);
  return { samples: count, classes, values: logits };
}

/** The confusion matrix; `names` has one name per class. */
export function evaluationOf({ samples, classes, values }: Logits, labels: Uint8Array, names: readonly string[]): Evaluation {
  const confusion = names.map(() => new Array<number>(names.length).fill(0));
  let correct = 0;
  for (let i = 0; i < samples; i++) {
    const answer = classOf(values.subarray(i * classes, (i + 1) * classes));
    confusion[labels[i]!]![answer]!++;
    if (answer === labels[i]) correct++;
  }
  return { samples, correct, classes: names, confusion };
}

/** What the integer model does on a labelled set. */
export const evaluate = (network: Network, weights: Weights, inputs: Inputs, classes: readonly string[]): Evaluation =>
  evaluationOf(integerLogits(network, weights, inputs), inputs.labels, classes);

export const accuracyOf = ({ correct, samples }: Evaluation): number => correct / samples;

/** Recall of each class; undefined for a class that the set does not have. */
export const recallsOf = ({ confusion }: Evaluation): readonly (number | undefined)[] =>
  confusion.map((answers, truth) => {
    const samples = answers.reduce((sum, times) => sum + times, 0);
    return samples === 0 ? undefined : answers[truth]! / samples;
  });
