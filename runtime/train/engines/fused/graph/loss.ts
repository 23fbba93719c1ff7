import type { Node } from "./node.js";
import type { Tracer } from "./trace.js";

/** The loss of each sample, in parts, and the gradient that the backward pass starts from. */
export interface LossNodes {
  /** By the sums: [batch, classes]. */
  readonly gradient: Node;
  readonly largest: Node;
  /** Σ exp(sum - largest). */
  readonly total: Node;
  /** The logit of the target class, or the mean of all logits by the target distribution. */
  readonly answer: Node;
  /** The number of classes less the index of the first largest sum. */
  readonly first: Node;
}

/** Softmax cross-entropy, as `softmaxCrossEntropy` of the other engines; its logarithm is left to the host. */
export function lossNodes(on: Tracer, sums: Node): LossNodes {
  const minus = (left: Node, right: Node): Node => on.add(left, on.scale(right, -1));
  const largest = on.featureMax(sums);
  const powers = on.exp(minus(sums, largest));
  const total = on.featureSum(powers);
  const index = on.index(sums.width);
  const right = on.target(sums.width);
  return {
    gradient: on.multiply(minus(on.divide(powers, total), right), on.importance()),
    largest,
    total,
    answer: on.featureSum(on.multiply(sums, right)),
    first: on.featureMax(on.multiply(on.equal(sums, largest), on.offset(on.scale(index, -1), sums.width))),
  };
}
