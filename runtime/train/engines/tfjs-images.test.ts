import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { networkFrom } from "#compiler/cases/network.js";
import { convolution, type ConvolutionSettings, kernelShape } from "#compiler/catalog/shapes/convolution.js";
import { featureMap } from "#compiler/catalog/shapes/feature-map.js";
import type { Graph } from "#compiler/catalog/graph.js";
import { sizeOf } from "#compiler/ir/types.js";
import { random } from "#compiler/random.js";
import { arrayGraph } from "../testing/array-graph.js";
import { differentiate, node } from "../testing/autodiff.js";
import { expectClose, finiteDifferences } from "../testing/gradients.js";
import { imageNetwork } from "../testing/image-network.js";
import { expectReferenceStep, imageNets } from "../testing/image-step.js";
import { tfjsEngine } from "./tfjs.js";
import { useFastestBackend } from "./tfjs-backend.js";
import { registerGradients } from "./tfjs-gradients.js";
import { tfjsGraph } from "./tfjs-graph.js";

beforeAll(async () => {
  await useFastestBackend();
  registerGradients();
});

interface Case {
  readonly name: string;
  /** Of one sample. */
  readonly input: readonly number[];
  readonly weights: readonly number[];
  readonly formula: <T>(on: Graph<T>, input: T, weights: T) => T;
}

function convolving(name: string, input: readonly number[], changes: Partial<ConvolutionSettings>): Case {
  const settings: ConvolutionSettings = {
    kernel: { height: 3, width: input.length === 3 ? 3 : 1 },
    channels: 4,
    groups: 1,
    stride: 1,
    padding: "valid",
    ...changes,
  };
  const geometry = convolution(featureMap(input)!, settings)!;
  return { name, input, weights: kernelShape(geometry), formula: (on, image, weights) => on.images!.convolve(image, weights, geometry) };
}

const one = [1];

const operations: readonly Case[] = [
  convolving("one channel", [5, 6, 1], {}),
  convolving("several channels", [5, 4, 3], {}),
  convolving("padded", [4, 5, 2], { padding: "same" }),
  convolving("padded, large kernels", [3, 4, 2], { padding: "same", kernel: { height: 5, width: 5 } }),
  convolving("stride", [7, 6, 2], { stride: 2 }),
  convolving("stride, padded", [6, 7, 2], { stride: 2, padding: "same" }),
  convolving("a stride that leaves a rest", [6, 8, 2], { stride: 3, kernel: { height: 2, width: 2 } }),
  convolving("points", [3, 4, 5], { kernel: { height: 1, width: 1 } }),
  convolving("depthwise", [5, 6, 4], { groups: 4 }),
  convolving("depthwise, stride, padded", [6, 5, 4], { groups: 4, stride: 2, padding: "same" }),
  convolving("depthwise, twice as many", [5, 4, 2], { groups: 2 }),
  convolving("groups", [4, 5, 4], { groups: 2, channels: 6 }),
  convolving("a sequence", [9, 3], {}),
  convolving("a sequence, depthwise, padded", [8, 4], { groups: 4, stride: 2, padding: "same" }),
  {
    name: "largest of windows",
    input: [4, 6, 3],
    weights: one,
    formula: (on, image) => on.images!.maxPool(image, { height: 2, width: 2 }),
  },
  {
    name: "largest of windows, a rest",
    input: [7, 5, 2],
    weights: one,
    formula: (on, image) => on.images!.maxPool(image, { height: 3, width: 3 }),
  },
  {
    name: "largest of equal ones",
    input: [4, 4, 2],
    weights: one,
    formula: (on, image) => on.images!.maxPool(on.relu(on.offset(image, -1)), { height: 2, width: 2 }),
  },
  {
    name: "largest of a sequence",
    input: [7, 3],
    weights: one,
    formula: (on, image) => on.images!.maxPool(image, { height: 2, width: 1 }),
  },
  {
    name: "sums of windows",
    input: [5, 4, 2],
    weights: one,
    formula: (on, image) => on.images!.sumPool(image, { height: 2, width: 2 }),
  },
  {
    name: "sums of a sequence",
    input: [8, 2],
    weights: one,
    formula: (on, image) => on.images!.sumPool(image, { height: 4, width: 1 }),
  },
  { name: "flatten an image", input: [2, 3, 4], weights: one, formula: (on, image) => on.images!.flatten(image) },
  { name: "flatten a sequence", input: [5, 3], weights: one, formula: (on, image) => on.images!.flatten(image) },
];

describe.each(operations)("$name", ({ name, input, weights, formula }) => {
  const draw = random("images", name);
  const normals = (count: number): Float64Array => Float64Array.from({ length: count }, () => Math.fround(draw.normal()));
  const shapes = [[2, ...input], weights];
  const operands = shapes.map((shape) => normals(sizeOf(shape)));
  const nodes = operands.map((values, i) => node(values, shapes[i]!));
  const value = formula(arrayGraph, nodes[0]!, nodes[1]!);
  const slopes = normals(value.values.length);
  differentiate(value, slopes);

  test("has the value and the gradients of plain arrays", () => {
    tf.tidy(() => {
      const tensors = operands.map((values, i) => tf.tensor([...values], [...shapes[i]!]));
      const result = formula(tfjsGraph, tensors[0]!, tensors[1]!);
      expect(result.shape).toEqual(value.shape);
      expectClose(result.dataSync(), value.values, 1e-5);
      const dy = tf.tensor([...slopes], [...value.shape]);
      expectClose(
        tf
          .grad((x) => formula(tfjsGraph, x, tensors[1]!))(tensors[0]!, dy)
          .dataSync(),
        nodes[0]!.gradient,
        1e-5,
      );
      if (weights === one) return;
      expectClose(
        tf
          .grad((x) => formula(tfjsGraph, tensors[0]!, x))(tensors[1]!, dy)
          .dataSync(),
        nodes[1]!.gradient,
        1e-5,
      );
    });
  });

  test.skipIf(name === "largest of equal ones")("has the gradient of its finite differences", () => {
    const weighted = (...values: readonly Float64Array[]): number =>
      formula(arrayGraph, node(values[0]!, shapes[0]!), node(values[1]!, shapes[1]!)).values.reduce((sum, x, i) => sum + x * slopes[i]!, 0);
    expectClose(
      finiteDifferences((x) => weighted(x, operands[1]!), operands[0]!),
      nodes[0]!.gradient,
      1e-6,
    );
    expectClose(
      finiteDifferences((y) => weighted(operands[0]!, y), operands[1]!),
      nodes[1]!.gradient,
      1e-6,
    );
  });
});

describe("a step has the loss and the gradients that plain arrays give:", () => {
  test.each(Object.keys(imageNets))("%s", (name) => expectReferenceStep(tfjsEngine, networkFrom(imageNets[name]!), 3));

  test.each([1, 2, 3, 4])("random net %i", (seed) => expectReferenceStep(tfjsEngine, imageNetwork(seed), seed));
});
