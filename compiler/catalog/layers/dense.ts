import { sizeOf } from "../../ir/types.js";
import { hull, weightedSumBounds } from "../shapes/bounds.js";
import { defineLayer } from "../layer.js";
import { count } from "../parameter.js";
import { weightedParameters } from "../weighted.js";

export default defineLayer({
  name: "dense",
  summary: "Fully connected: every output is a weighted sum of every input, a matrix-vector product.",
  parameters: {
    units: count("Outputs (neurons)."),
    ...weightedParameters,
  },
  reads: () => "activations",
  infer: ([input], { units }) => {
    const { element, shape, ...rest } = input!;
    if (shape.length !== 1) return { needs: "a vector", remedy: "put `flatten` before it" };
    if (element === "i32") return { needs: "activations", remedy: "put `relu` before it: it requantizes sums" };
    return { element: "i32", shape: [units], ...rest };
  },
  outputs: "units",
  weights: ({ shape }, { units }) => [units, sizeOf(shape)],
  train: (on, { inputs: [input], weights }) => on.matmul(input!, weights!),
  reference: ({ inputs: [input], weights, outputType }) => {
    const sums = new Int32Array(sizeOf(outputType.shape));
    const inputs = input!.length;
    for (let unit = 0; unit < sums.length; unit++) {
      let sum = 0;
      const row = unit * inputs;
      for (let i = 0; i < inputs; i++) sum += input![i]! * weights[row + i]!;
      sums[unit] = sum;
    }
    return sums;
  },
  exact: (on, { inputs: [input], weights }, { units }) => on.matmul(input!, weights, units),
  bounds: ({ inputs: [input], weights, inputTypes, outputType }) =>
    hull(weightedSumBounds(input!, [sizeOf(outputType.shape), sizeOf(inputTypes[0]!.shape)], weights, () => 0)),
});
