import { describe, expect, test } from "vitest";
import { catalog } from "#compiler/catalog/index.js";
import { networkFrom } from "#compiler/cases/network.js";
import { random } from "#compiler/random.js";
import type { Batch, Engine, EngineTask } from "../../engine.js";
import { targetsOf } from "../../targets.js";
import { initialState, withClips } from "../../state.js";
import { imageBatch, withConstants } from "../../testing/image-step.js";
import { perceptron } from "../../testing/perceptron.js";
import { tfjsEngine } from "../tfjs.js";
import { fusedEngine } from "./engine.js";

/** Takes steps of rate 1 without momentum: what a weight loses is its gradient. */
const plainSteps = { name: "sgd", arguments: { momentum: 0, decay: 0 } };

const octav = { name: "octav", arguments: { per: "tensor", until: 9 } };

function taskOf(widths: readonly number[], options: Parameters<typeof perceptron>[1] = {}): EngineTask {
  const classWeights = Float32Array.from({ length: widths.at(-1)! }, (_, i) => 0.5 + i / 4);
  return { network: perceptron(widths, options), optimizer: plainSteps, average: 0, clip: octav, batch: 24, classWeights };
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
  const state = withConstants(withClips(initialState(task.network, task, 3, task.masking?.layers), task), 3);
  // Masks that are not all alike.
  for (const { mask } of state.layers.values()) mask?.factors.forEach((_, i) => (mask.factors[i] = 1 / (1 + (i % 4))));
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
  for (const [id, { clip, clipSlots, mask }] of fused.state().layers) {
    const other = tfjs.state().layers.get(id)!;
    expect(mask === undefined).toBe(task.masking?.layers.has(id) !== true);
    if (mask !== undefined) expect(difference(other.mask!.slots[0]!, mask.slots[0]!)).toBeLessThan(1e-4);
    expect(difference(other.clip, clip)).toBeLessThan(1e-6);
    // Slopes by scalars are sums in which much cancels.
    clipSlots.forEach((values, i) => expect(difference(other.clipSlots[i]!, values)).toBeLessThan(1e-3));
  }
  for (const [id, { weights }] of before.layers) {
    const gradient = (engine: Engine): Float32Array =>
      engine
        .state()
        .layers.get(id)!
        .weights.map((weight, i) => weights[i]! - weight);
    expect(difference(gradient(tfjs), gradient(fused))).toBeLessThan(1e-4);
  }
}

describe("the fused engine gives the loss and the gradients of tfjs", () => {
  test.each(Object.keys(catalog.quantizers).map((format) => [format]))("with %s weights", (weights) =>
    expectAgreement(taskOf([20, 16, 12, 10], { weights }), batchOf(20, 10, 24)),
  );

  test.each([["2bitsym"], ["nf4"], ["ternary"]])("with learned clipping scalars of %s weights", (weights) =>
    expectAgreement(
      { ...taskOf([20, 16, 12, 10], { weights }), clip: { name: "learned", arguments: { speed: 0.5 } } },
      batchOf(20, 10, 24),
    ),
  );

  test.each([
    ["4bitsym", "8bit"],
    ["ternary", "8bit"],
    ["2bitsym", "8bit_shift"],
  ])("with masks over %s neurons and %s activations", (weights, activations) =>
    expectAgreement(
      { ...taskOf([20, 18, 13, 10], { weights, activations }), masking: { layers: new Set(["dense1", "dense2"]), price: 0.01 } },
      batchOf(20, 10, 24),
    ),
  );

  test.each([
    ["perceptron", "input u4[20] -> dense(16) -> relu -> dense(9) -> relu -> dense(10)"],
    ["convolutions", "input i8[5, 5, 2] -> conv(6) -> relu -> flatten -> dense(10)"],
  ])("with sparsity: %s", (_, body) => {
    const network = networkFrom(`weights: 4bitsym range: fixed bias: yes activations: 4bit ${body}`);
    return expectAgreement({ ...taskOf([20, 10]), network, sparsity: 3 }, imageBatch(network, 24, 5));
  });

  test.each(Object.values(catalog.activations).flatMap(({ name, ones }) => (ones === undefined ? [] : [[name]])))(
    "with %s activations of fixed ranges",
    (activations) => {
      const body = "input u4[20] -> dense(16) -> relu -> dense(9) -> relu -> dense(10)";
      const network = networkFrom(`weights: 4bitsym range: fixed bias: yes activations: ${activations} ${body}`);
      return expectAgreement({ ...taskOf([20, 10]), network }, imageBatch(network, 24, 5));
    },
  );

  test("with soft targets", () => {
    const batch = batchOf(20, 10, 24);
    return expectAgreement(taskOf([20, 16, 12, 10]), { ...batch, targets: targetsOf(batch.labels, 10, 0.3) });
  });

  test.each(Object.keys(catalog.norms).map((norm) => [norm]))("with %s norm", (norm) =>
    expectAgreement(taskOf([20, 16, 12, 10], { norm }), batchOf(20, 10, 24)),
  );

  test.each(Object.values(catalog.activations).flatMap(({ name, ones }) => (ones === undefined ? [[name]] : [])))(
    "with %s activations",
    (activations) => expectAgreement(taskOf([20, 16, 12, 10], { activations }), batchOf(20, 10, 24)),
  );
});

describe("the fused engine", () => {
  const adam = { name: "adam", arguments: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.01 } };

  test.each([[0], [4]])("follows tfjs over several steps of adam, averaging weights over %i", async (average) => {
    const [fused, tfjs] = await bothEngines({ ...taskOf([20, 16, 10]), optimizer: adam, average });
    for (let step = 0; step < 5; step++) {
      const batch = batchOf(20, 10, 20 + step);
      expect(Math.abs(fused.step(batch, 0.01).loss - tfjs.step(batch, 0.01).loss)).toBeLessThan(1e-3);
    }
    const [ours, theirs] = [fused.state(), tfjs.state()];
    expect(ours.step).toBe(5);
    for (const [id, { weights, slots }] of theirs.layers) {
      const other = ours.layers.get(id)!;
      expect(difference(weights, other.weights)).toBeLessThan(1e-3);
      expect(slots).toHaveLength(average === 0 ? 2 : 3);
      expect(difference(slots.at(-1)!, other.slots.at(-1)!)).toBeLessThan(1e-2);
    }
  });

  test("gives the same weights on any number of threads", async () => {
    const task = { ...taskOf([64, 512, 10], { norm: "batch" }), optimizer: adam, batch: 2048 };
    const initial = withClips(initialState(task.network, task, 1), {
      ...task,
      clip: { name: "octav", arguments: { per: "output", until: 9 } },
    });
    const after = [1, 2, 3].map(async (threads) => {
      const engine = await fusedEngine(task, threads);
      engine.load(initial);
      // The last shard of the second step has no samples, the one before it a few.
      const results = [engine.step(batchOf(64, 10, 2048), 0.01), engine.step(batchOf(64, 10, 1030), 0.01)];
      const state = engine.state();
      engine.dispose();
      return { results, state };
    });
    const [alone, ...shared] = await Promise.all(after);
    for (const other of shared) expect(other).toEqual(alone);
  });

  test("goes on from a saved state to the same weights", async () => {
    const task = { ...taskOf([20, 16, 10], { weights: "ternary" }), optimizer: adam };
    const [one, other] = [await fusedEngine(task), await fusedEngine(task)];
    one.load(initialState(task.network, task, 1));
    one.step(batchOf(20, 10, 24), 0.01);
    other.load(one.state());
    for (const engine of [one, other]) engine.step(batchOf(20, 10, 23), 0.01);
    expect(other.state()).toEqual(one.state());
  });

  test("leaves the weights as they were when the loss is no number", async () => {
    const task = taskOf([20, 16, 10], { weights: "ternary" });
    const engine = await fusedEngine(task);
    const state = initialState(task.network, task, 1);
    state.layers.get("dense1")!.weights[7] = Infinity;
    engine.load(state);
    expect(engine.step(batchOf(20, 10, 24), 0.01).loss).toBeNaN();
    expect(engine.state()).toEqual(state);
  });

  test("refuses more samples than it was made for", async () => {
    const task = taskOf([20, 10]);
    const engine = await fusedEngine(task);
    engine.load(initialState(task.network, task, 1));
    expect(() => engine.step(batchOf(20, 10, 25), 0.01)).toThrow("a step of 25 samples, where the engine was made for 24");
  });
});
