import type { Evaluation } from "#compiler/catalog/claim.js";
import type { Inputs } from "#compiler/data/dataset.js";
import type { Network } from "#compiler/ir/network.js";
import type { Weights } from "#compiler/ir/weights.js";
import { evaluate, evaluationOf } from "../evaluate/evaluate.js";
import { compileModel } from "./engines/fused/inference.js";

/** What the integer model does on a labelled set. */
export type Evaluator = (weights: Weights, inputs: Inputs, classes: readonly string[]) => Evaluation;

/** Compiles the integer model of a network, to measure it after every epoch; one that cannot be is interpreted. */
export function evaluatorOf(network: Network): Evaluator {
  const model = compileModel(network);
  if (model === undefined) return (weights, inputs, classes) => evaluate(network, weights, inputs, classes);
  return (weights, inputs, classes) =>
    evaluationOf({ samples: inputs.count, classes: classes.length, values: model(weights, inputs.values) }, inputs.labels, classes);
}
