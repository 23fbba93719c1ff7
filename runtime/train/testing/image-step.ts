import { expect } from "vitest";
import { inputRange, type Network } from "#compiler/ir/network.js";
import { sizeOf } from "#compiler/ir/types.js";
import { random } from "#compiler/random.js";
import type { Batch, EngineFactory, EngineTask } from "../engine.js";
import { initialState, type TrainingState, withClips } from "../state.js";
import { expectClose } from "./gradients.js";
import { referenceStep } from "./reference-step.js";

const rules = {
  optimizer: { name: "sgd", arguments: { momentum: 0, decay: 0 } },
  clip: { name: "octav", arguments: { per: "tensor", until: 1 } },
  average: 0,
};
const classWeights = Float32Array.of(1, 1.5, 0.5);

/** Steps of rate 1 on so many samples of three classes: what a weight loses is its gradient. */
export const imageTask = (network: Network, batch: number): EngineTask => ({ ...rules, network, batch, classWeights });

/** As datasets make them: the largest magnitude is 127. Others would meet ties of rounding, which float32 breaks by chance. */
export function imageBatch(network: Network, count: number, seed: number): Batch {
  const draw = random("images", seed);
  const size = sizeOf(network.layers[0]!.type.shape);
  const { low, high } = inputRange(network);
  const least = Math.max(low, -127);
  return {
    inputs: Int8Array.from({ length: count * size }, (_, i) => (i % size === 0 ? high : least + draw.below(high - least + 1))),
    labels: Uint8Array.from({ length: count }, () => draw.below(3)),
  };
}

/** One step of an engine has the loss and the gradients that plain arrays give. */
export async function expectReferenceStep(start: EngineFactory, network: Network, seed: number): Promise<void> {
  const batch = imageBatch(network, 12, seed);
  const state = withConstants(withClips(initialState(network, rules, seed), rules), seed);
  const engine = await start(imageTask(network, 12));
  engine.load(state);
  const { loss } = engine.step(batch, 1);
  const reference = referenceStep(network, state, batch, classWeights);
  expect(loss).toBeCloseTo(reference.loss, 4);
  for (const [id, { weights }] of engine.state().layers) {
    const gradient = state.layers.get(id)!.weights.map((value, i) => value - weights[i]!);
    expectClose(gradient, reference.gradients.get(id)!, 1e-3);
  }
  for (const [id, { weights }] of engine.state().biases) {
    const gradient = state.biases.get(id)!.weights.map((value, i) => value - weights[i]!);
    expectClose(gradient, reference.gradients.get(id)!, 1e-3);
  }
  engine.dispose();
}

/** The state with biases that are not zero, and shifts that leave some values within their range and some beyond it. */
export function withConstants(state: TrainingState, seed: number): TrainingState {
  const draw = random("constants", seed);
  return {
    ...state,
    biases: new Map([...state.biases].map(([id, bias]) => [id, { ...bias, weights: bias.weights.map(() => draw.between(-1, 1)) }])),
    shifts: new Map([...state.shifts.keys()].map((id) => [id, 4 + draw.below(4)])),
  };
}

const features = "norm: none conv(4, weights: 8bit) -> relu -> dwconv(weights: 8bit) -> relu -> maxpool(2)";
/** With every layer of the catalogue. */
export const imageNets: Readonly<Record<string, string>> = {
  "a block without norms": `weights: 4bitsym input i8[8, 9, 1] -> repeat 1 { ${features} } -> flatten -> dense(6) -> relu -> dense(3)`,
  "convolutions with norms":
    "weights: 8bit input i8[6, 6, 2] -> conv(4, padding: same) -> relu -> conv(5, stride: 2) -> relu -> flatten -> dense(3)",
  "a skip connection": `
    weights: 5bitsym norm: none
    input i8[6, 6, 1] -> conv(4, kernel: 1, weights: 8bit) as skip -> relu -> conv(4, padding: same) -> add(skip) -> relu
    -> flatten -> dense(3, norm: rms)`,
  "a wide map":
    "weights: 8bit norm: none input i8[6, 41, 2] -> conv(5) -> relu -> dwconv(kernel: 1) -> relu -> maxpool(3) -> flatten -> dense(3, norm: rms)",
  sequences: "weights: 8bit input i8[16, 3] -> conv1d(4, norm: none) -> relu -> avgpool(2) -> flatten -> dense(3)",
  "samples that are flattened": "weights: 8bit input i8[4, 5, 3] -> flatten -> dense(5) -> relu -> dense(3)",
  "fixed ranges": `
    weights: 8bit range: fixed bias: yes activations: 4bit
    input u4[7, 8, 2] -> conv(6, padding: same) -> relu -> maxpool(2) -> conv(5, kernel: 2) -> relu -> flatten -> dense(3)`,
  "a sequence of a fixed range": `
    weights: 4bitsym range: fixed bias: yes activations: 5bit
    input i6[12, 3] -> conv1d(4) -> relu -> flatten -> dense(7, bias: no) -> relu -> dense(3)`,
  "signed activations of a fixed range":
    "weights: 8bit range: fixed bias: no input i8[7, 8, 1] -> conv(4) -> relu -> dwconv(activations: 4bit) -> requantize -> conv(6, kernel: 1) -> leaky_relu(2) -> flatten -> dense(3)",
  "signed activations, pooled":
    "weights: 8bit range: fixed bias: yes input i8[7, 8, 1] -> conv(4) -> leaky_relu(1) -> maxpool(2) -> flatten -> dense(3)",
  "sums of windows":
    "weights: 8bit range: sample input i8[9, 8, 1] -> sumpool(2) -> relu -> conv(4) -> relu -> sumpool -> relu -> flatten -> dense(3)",
  "sums over the batch":
    "weights: 8bit norm: batch input i8[6, 6, 1] -> conv(6) -> relu -> conv(4, kernel: 2) -> relu -> flatten -> dense(3)",
};
