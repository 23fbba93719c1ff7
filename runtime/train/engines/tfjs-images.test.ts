import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { networkFrom } from "#compiler/cases/network.js";
import { convolution, type ConvolutionSettings, kernelShape } from "#compiler/catalog/convolution.js";
import { featureMap } from "#compiler/catalog/feature-map.js";
import type { Graph } from "#compiler/catalog/graph.js";
import { catalog } from "#compiler/catalog/index.js";
import { sizeOf } from "#compiler/ir/types.js";
import { random } from "#compiler/random.js";
import { initialState, withClips } from "../state.js";
import { arrayGraph, differentiate, node } from "../testing/array-graph.js";
import { expectClose, finiteDifferences } from "../testing/gradients.js";
import { referenceStep } from "../testing/reference-step.js";
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
  const settings: ConvolutionSettings = { kernel: { height: 3, width: input.length === 3 ? 3 : 1 }, channels: 4, groups: 1, stride: 1, padding: "valid", ...changes };
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
  { name: "largest of windows", input: [4, 6, 3], weights: one, formula: (on, image) => on.images!.maxPool(image, { height: 2, width: 2 }) },
  { name: "largest of windows, a rest", input: [7, 5, 2], weights: one, formula: (on, image) => on.images!.maxPool(image, { height: 3, width: 3 }) },
  { name: "largest of equal ones", input: [4, 4, 2], weights: one, formula: (on, image) => on.images!.maxPool(on.relu(on.offset(image, -1)), { height: 2, width: 2 }) },
  { name: "largest of a sequence", input: [7, 3], weights: one, formula: (on, image) => on.images!.maxPool(image, { height: 2, width: 1 }) },
  { name: "mean of windows", input: [5, 4, 2], weights: one, formula: (on, image) => on.images!.averagePool(image, { height: 2, width: 2 }) },
  { name: "mean of a sequence", input: [8, 2], weights: one, formula: (on, image) => on.images!.averagePool(image, { height: 4, width: 1 }) },
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
      expectClose(tf.grad((x) => formula(tfjsGraph, x, tensors[1]!))(tensors[0]!, dy).dataSync(), nodes[0]!.gradient, 1e-5);
      if (weights === one) return;
      expectClose(tf.grad((x) => formula(tfjsGraph, tensors[0]!, x))(tensors[1]!, dy).dataSync(), nodes[1]!.gradient, 1e-5);
    });
  });

  test.skipIf(name === "largest of equal ones")("has the gradient of its finite differences", () => {
    const weighted = (...values: readonly Float64Array[]): number =>
      formula(arrayGraph, node(values[0]!, shapes[0]!), node(values[1]!, shapes[1]!)).values.reduce((sum, x, i) => sum + x * slopes[i]!, 0);
    expectClose(finiteDifferences((x) => weighted(x, operands[1]!), operands[0]!), nodes[0]!.gradient, 1e-6);
    expectClose(finiteDifferences((y) => weighted(operands[0]!, y), operands[1]!), nodes[1]!.gradient, 1e-6);
  });
});

const features = "norm: none conv(4, weights: 8bit) -> relu -> dwconv(weights: 8bit) -> relu -> maxpool(2)";
const nets: Readonly<Record<string, string>> = {
  "a block without norms": `weights: 4bitsym input i8[8, 9, 1] -> repeat 1 { ${features} } -> flatten -> dense(6) -> relu -> dense(3)`,
  "convolutions with norms": "weights: 8bit input i8[6, 6, 2] -> conv(4, padding: same) -> relu -> conv(5, stride: 2) -> relu -> flatten -> dense(3)",
  "a skip connection": `
    weights: 5bitsym norm: none
    input i8[6, 6, 1] -> conv(4, kernel: 1, weights: 8bit) as skip -> relu -> conv(4, padding: same) -> add(skip) -> relu
    -> flatten -> dense(3, norm: rms)`,
  "sequences": "weights: 8bit input i8[16, 3] -> conv1d(4, norm: none) -> relu -> avgpool(2) -> flatten -> dense(3)",
};

const optimizer = { name: "sgd", arguments: { momentum: 0, decay: 0 } };
const clip = { name: "octav", arguments: { per: "tensor", until: 1 } };
const classWeights = Float32Array.of(1, 1.5, 0.5);

describe.each(Object.keys(nets))("a step of %s", (name) => {
  test("has the loss and the gradients that plain arrays give", async () => {
    const network = networkFrom(nets[name]!);
    const draw = random("steps", name);
    const size = sizeOf(network.layers[0]!.type.shape);
    // As datasets make them: the largest magnitude is 127. Others would meet ties of rounding, which float32 breaks by chance.
    const batch = { inputs: Int8Array.from({ length: 12 * size }, (_, i) => (i % size === 0 ? 127 : draw.below(255) - 127)), labels: Uint8Array.from({ length: 12 }, () => draw.below(3)) };
    const state = withClips(initialState(network, optimizer, 3), clip);
    const engine = await tfjsEngine({ network, optimizer, batch: 12, classWeights });
    engine.load(state);
    const { loss } = engine.step(batch, 1);
    const reference = referenceStep(network, state, batch, classWeights);
    expect(loss).toBeCloseTo(reference.loss, 4);
    for (const [id, { weights }] of engine.state().layers) {
      const gradient = state.layers.get(id)!.weights.map((value, i) => value - weights[i]!);
      expectClose(gradient, reference.gradients.get(id)!, 1e-3);
      expect(gradient.some((slope) => Math.abs(slope) > 1e-4)).toBe(true);
    }
    engine.dispose();
  });
});

test("every layer of the catalogue is in some step", () => {
  const stepped = Object.values(nets).flatMap((body) => networkFrom(body).layers.map(({ op }) => op));
  expect(Object.keys(catalog.layers).filter((name) => !stepped.includes(name))).toEqual([]);
});
