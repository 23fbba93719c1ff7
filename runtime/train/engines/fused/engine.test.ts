import { describe, expect, test } from "vitest";
import { activationNames } from "#compiler/catalog/activation.js";
import { catalog } from "#compiler/catalog/index.js";
import { random } from "#compiler/random.js";
import type { Batch, Engine, EngineTask } from "../../engine.js";
import { initialState, withClips } from "../../state.js";
import { perceptron } from "../../testing/perceptron.js";
import { tfjsEngine } from "../tfjs.js";
import { fusedEngine } from "./engine.js";

/** Takes steps of rate 1 without momentum: what a weight loses is its gradient. */
const plainSteps = { name: "sgd", arguments: { momentum: 0, decay: 0 } };

function taskOf(widths: readonly number[], options: Parameters<typeof perceptron>[1] = {}): EngineTask {
  const classWeights = Float32Array.from({ length: widths.at(-1)! }, (_, i) => 0.5 + i / 4);
  return { network: perceptron(widths, options), optimizer: plainSteps, batch: 24, classWeights };
}

function batchOf(features: number, classes: number, count: number): Batch {
  const source = random("batch", features, count);
  return {
    inputs: Int8Array.from({ length: count * features }, () => source.below(255) - 127),
    labels: Uint8Array.from({ length: count }, () => source.below(classes)),
  };
}

const difference = (one: Float32Array, other: Float32Array): number => {
  let [error, size] = [0, 0];
  one.forEach((value, i) => {
    error += (value - other[i]!) ** 2;
    size += value ** 2;
  });
  return Math.sqrt(error / size);
};

async function bothEngines(task: EngineTask): Promise<readonly [Engine, Engine]> {
  const engines = [await fusedEngine(task), await tfjsEngine(task)] as const;
  const state = withClips(initialState(task.network, task.optimizer, 3), { name: "octav", arguments: { per: "tensor", until: 9 } });
  engines.forEach((engine) => engine.load(state));
  return engines;
}

async function expectAgreement(task: EngineTask, batch: Batch): Promise<void> {
  const [fused, tfjs] = await bothEngines(task);
  expect(difference(tfjs.sums(batch.inputs), fused.sums(batch.inputs))).toBeLessThan(1e-6);
  const before = fused.state();
  const [ours, theirs] = [fused.step(batch, 1), tfjs.step(batch, 1)];
  expect(ours.correct).toBe(theirs.correct);
  expect(Math.abs(ours.loss - theirs.loss)).toBeLessThan(1e-5 * theirs.loss);
  for (const [id, { weights }] of before.layers) {
    const gradient = (engine: Engine): Float32Array => engine.state().layers.get(id)!.weights.map((weight, i) => weights[i]! - weight);
    expect(difference(gradient(tfjs), gradient(fused))).toBeLessThan(1e-4);
  }
}

describe("the fused engine gives the loss and the gradients of tfjs", () => {
  test.each(Object.keys(catalog.quantizers).map((format) => [format]))("with %s weights", (weights) =>
    expectAgreement(taskOf([20, 16, 12, 10], { weights }), batchOf(20, 10, 24)));

  test.each(Object.keys(catalog.norms).map((norm) => [norm]))("with %s norm", (norm) =>
    expectAgreement(taskOf([20, 16, 12, 10], { norm }), batchOf(20, 10, 24)));

  test.each(activationNames.map((activations) => [activations]))("with %s activations", (activations) =>
    expectAgreement(taskOf([20, 16, 12, 10], { activations }), batchOf(20, 10, 24)));
});
