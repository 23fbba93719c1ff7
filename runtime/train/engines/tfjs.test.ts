import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import type { Graph } from "#compiler/catalog/graph.js";
import { catalog } from "#compiler/catalog/index.js";
import { random } from "#compiler/random.js";
import { softmaxCrossEntropy } from "../loss.js";
import { initialState, withClips } from "../state.js";
import { arrayGraph } from "../testing/array-graph.js";
import { differentiate, node, type Node } from "../testing/autodiff.js";
import { clusters } from "../testing/clusters.js";
import { expectClose, finiteDifferences } from "../testing/gradients.js";
import { perceptron } from "../testing/perceptron.js";
import { referenceStep } from "../testing/reference-step.js";
import { tfjsEngine } from "./tfjs.js";
import { useFastestBackend } from "./tfjs-backend.js";
import { registerGradients } from "./tfjs-gradients.js";
import { tfjsGraph } from "./tfjs-graph.js";

beforeAll(async () => {
  await useFastestBackend();
  registerGradients();
});

type Formula = <T>(on: Graph<T>, a: T, b: T) => T;

interface Case {
  readonly name: string;
  readonly formula: Formula;
  /** Of the second operand; the first is [3, 4]. */
  readonly second: readonly number[];
  /** Whether finite differences make sense. */
  readonly smooth: boolean;
}

const operations: readonly Case[] = [
  { name: "matmul", formula: (on, a, b) => on.matmul(a, b), second: [2, 4], smooth: true },
  { name: "add", formula: (on, a, b) => on.add(a, b), second: [3, 1], smooth: true },
  { name: "multiply", formula: (on, a, b) => on.multiply(a, b), second: [3, 4], smooth: true },
  { name: "multiply by one number per sample", formula: (on, a, b) => on.multiply(a, b), second: [3, 1], smooth: true },
  { name: "divide", formula: (on, a, b) => on.divide(a, on.offset(on.square(b), 1)), second: [3, 4], smooth: true },
  {
    name: "divide by one number per sample",
    formula: (on, a, b) => on.divide(a, on.offset(on.square(b), 1)),
    second: [3, 1],
    smooth: true,
  },
  { name: "divide by one number", formula: (on, a) => on.divide(a, on.offset(on.mean(on.square(a)), 1)), second: [1], smooth: true },
  { name: "offset and scale", formula: (on, a) => on.scale(on.offset(a, 2), -3), second: [1], smooth: true },
  { name: "abs", formula: (on, a) => on.abs(a), second: [1], smooth: true },
  { name: "square", formula: (on, a) => on.square(a), second: [1], smooth: true },
  { name: "square root", formula: (on, a) => on.squareRoot(on.offset(on.square(a), 1)), second: [1], smooth: true },
  { name: "relu", formula: (on, a) => on.relu(a), second: [1], smooth: true },
  { name: "clamp", formula: (on, a) => on.clamp(a, -0.5, 0.5), second: [1], smooth: true },
  { name: "round", formula: (on, a) => on.round(on.scale(a, 3)), second: [1], smooth: false },
  { name: "floor", formula: (on, a) => on.multiply(on.floor(on.scale(a, 3)), a), second: [1], smooth: false },
  { name: "power below", formula: (on, a) => on.multiply(on.powerBelow(on.scale(on.abs(a), 100)), a), second: [1], smooth: false },
  { name: "straight through", formula: (on, a, b) => on.straightThrough(on.floor(a), on.multiply(a, b)), second: [3, 4], smooth: false },
  { name: "literal", formula: (on, a) => on.multiply(a, on.literal(0.5)), second: [1], smooth: true },
  { name: "constant", formula: (on, a) => on.multiply(a, on.constant(on.featureMean(a))), second: [1], smooth: false },
  { name: "feature mean", formula: (on, a) => on.featureMean(a), second: [1], smooth: true },
  { name: "feature max", formula: (on, a) => on.featureMax(a), second: [1], smooth: true },
  { name: "mean", formula: (on, a) => on.mean(a), second: [1], smooth: true },
  { name: "reshape", formula: (on, a) => on.reshape(on.square(a), [2, 2]), second: [1], smooth: true },
];

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1);

/** The value, and the gradients by both operands, of a formula on doubles. */
function onArrays(formula: Formula, a: Node, b: Node, dy: (size: number) => readonly number[]): Node {
  const result = formula(arrayGraph, a, b);
  differentiate(result, dy(result.values.length));
  return result;
}

describe.each(operations)("$name", ({ name, formula, second, smooth }) => {
  const source = random("graph", name);
  const draw = (shape: readonly number[]): Float32Array => Float32Array.from({ length: sizeOf(shape) }, () => source.normal());
  const [a, b] = [draw([3, 4]), draw(second)];
  const weights = draw([24]);
  const dy = (size: number): readonly number[] => [...weights.subarray(0, size)];
  const [nodeA, nodeB] = [node(a, [3, 4]), node(b, second)];
  const result = onArrays(formula, nodeA, nodeB, dy);

  test("on tfjs gives the same value and gradients as on arrays", () => {
    tf.tidy(() => {
      const operands = [tf.tensor(a, [3, 4]), tf.tensor(b, [...second])];
      const value = formula(tfjsGraph, operands[0]!, operands[1]!);
      expect(value.shape).toEqual(result.shape);
      expectClose(value.dataSync(), result.values, 1e-5);
      const one = tf.grad((x) => formula(tfjsGraph, x, operands[1]!))(operands[0]!, tf.tensor([...dy(value.size)], value.shape));
      expectClose(one.dataSync(), nodeA.gradient, 1e-5);
      if (!nodeB.gradient.some((slope) => slope !== 0)) return;
      const other = tf.grad((x) => formula(tfjsGraph, operands[0]!, x))(operands[1]!, tf.tensor([...dy(value.size)], value.shape));
      expectClose(other.dataSync(), nodeB.gradient, 1e-5);
    });
  });

  test.runIf(smooth)("has the gradient of its finite differences", () => {
    const weighted = (x: Float64Array, y: Float64Array): number =>
      formula(arrayGraph, node(x, [3, 4]), node(y, second)).values.reduce((sum, value, i) => sum + value * weights[i]!, 0);
    expectClose(
      finiteDifferences((x) => weighted(x, nodeB.values), nodeA.values),
      nodeA.gradient,
      1e-6,
    );
    expectClose(
      finiteDifferences((y) => weighted(nodeA.values, y), nodeB.values),
      nodeB.gradient,
      1e-6,
    );
  });
});

test("the loss has the gradient of its finite differences, also with weighted classes", () => {
  const labels = Uint8Array.of(2, 0);
  const classWeights = Float32Array.of(0.5, 1, 2);
  const sums = Float64Array.of(0.3, -1, 2, 4, 1, -2);
  // Float32 sums leave few digits to finite differences.
  const differences = Array.from(sums, (_, i) => {
    const at = (by: number): number =>
      softmaxCrossEntropy(
        Float32Array.from(sums, (value, j) => (i === j ? value + by : value)),
        { labels },
        classWeights,
      ).loss;
    return (at(0.0625) - at(-0.0625)) / 0.125;
  });
  expectClose(softmaxCrossEntropy(Float32Array.from(sums), { labels }, classWeights).gradient, differences, 2e-3);
});

const rules = {
  optimizer: { name: "sgd", arguments: { momentum: 0, decay: 0 } },
  clip: { name: "octav", arguments: { per: "output", until: 1 } },
  average: 0,
};
const data = clusters({ features: 8, train: 24 });
const batch = { inputs: data.train.values, labels: data.train.labels };
const classWeights = Float32Array.of(1, 1.5, 0.5, 1);

const formats = Object.keys(catalog.quantizers);
const norms = Object.keys(catalog.norms);

describe.each([...formats.map((weights) => ({ weights, norm: "rms" })), ...norms.map((norm) => ({ weights: "4bitsym", norm }))])(
  "a step with $weights weights and $norm norm",
  (choices) => {
    test("has the loss and the gradients that plain arrays give", async () => {
      // Rounded by shifts: float32 and float64 do that alike.
      const network = perceptron([8, 6, 4], { ...choices, activations: "8bit_shift" });
      const state = withClips(initialState(network, rules, 3), rules);
      const engine = await tfjsEngine({ network, ...rules, batch: 24, classWeights });
      engine.load(state);
      const { loss } = engine.step(batch, 1);
      const reference = referenceStep(network, state, batch, classWeights);
      expect(loss).toBeCloseTo(reference.loss, 5);
      for (const [id, { weights }] of engine.state().layers) {
        const gradient = state.layers.get(id)!.weights.map((value, i) => value - weights[i]!);
        expectClose(gradient, reference.gradients.get(id)!, 1e-4);
        expect(gradient.some((slope) => Math.abs(slope) > 1e-3)).toBe(true);
      }
      engine.dispose();
    });
  },
);
