import { perceptron, type PerceptronShape, provenance, seededInputs, seededWeights } from "#compiler/cases/emit/perceptron.js";
import { emit } from "#compiler/emit/emit.js";
import type { Target } from "#compiler/ir/target.js";
import { sizeOf } from "#compiler/ir/types.js";
import { plan } from "#compiler/plan/plan.js";
import { loadTemplates } from "../../templates.js";
import { demoOf } from "../demo.js";
import type { Ingredients } from "../sources.js";

const shapeOfAll: PerceptronShape = {
  name: "net",
  input: [8, 8],
  layers: [
    [20, "csd2"],
    [12, "ternary"],
    [5, "fp130"],
  ],
};

/** What a small net with random weights makes a firmware of, and random inputs for it. */
export function smallFirmware(target: Target, { samples = 2, shape = shapeOfAll } = {}) {
  const network = perceptron(shape);
  const weights = seededWeights(network);
  const templates = loadTemplates();
  const value = plan(network, target).value!;
  const emission = emit(value, weights, templates, provenance);
  const count = 20;
  const inputs = seededInputs(network, count);
  const test = { count, size: sizeOf(shape.input), values: inputs, labels: Uint8Array.from({ length: count }, (_, i) => i % 5) };
  const demo = demoOf(network, weights, test, { dataset: "noise", shape: shape.input, count: samples });
  const ingredients: Ingredients = { plan: value, emission, templates, demo };
  return { ingredients, subject: { plan: value, weights, emission, templates, inputs, count } };
}
