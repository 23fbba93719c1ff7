import { catalog } from "#compiler/catalog/index.js";
import type { Provenance } from "#compiler/ir/emission.js";
import { biasLimit, biasStep, weightedBefore } from "#compiler/catalog/integers.js";
import { biasLayers, fixedLayers, inputRange, type Layer, type Network, weightedLayers } from "#compiler/ir/network.js";
import { sizeOf } from "#compiler/ir/types.js";
import type { LayerWeights, Weights } from "#compiler/ir/weights.js";
import { random } from "#compiler/random.js";
import type { Span } from "#grammar/source.js";

/** Nets for tests, as the elaborator would make them: `input -> flatten -> { dense -> relu } … -> dense`. */
export interface PerceptronShape {
  readonly name: string;
  readonly input: readonly number[];
  /** Units and weight format of each dense layer. */
  readonly layers: readonly (readonly [units: number, quantizer: string])[];
  readonly doc?: string;
}

const nowhere: Span = { source: { path: "test.bnm", text: "" }, start: 0, end: 0 };

export function perceptron({ name, input, layers, doc = "" }: PerceptronShape): Network {
  const size = input.reduce((product, extent) => product * extent, 1);
  const place = (id: string): Span => ({ source: { path: `${name}.bnm`, text: id }, start: 0, end: id.length });
  const made: Layer[] = [
    { id: "input", op: "input", attributes: {}, inputs: [], type: { element: "i8", shape: input }, origin: [nowhere] },
    { id: "flatten1", op: "flatten", attributes: {}, inputs: ["input"], type: { element: "i8", shape: [size] }, origin: [nowhere] },
  ];
  layers.forEach(([units, quantizer], index) => {
    const before = made.at(-1)!;
    const id = `dense${index + 1}`;
    const weights = { shape: [units, before.type.shape[0]!], quantizer };
    const attributes = { units, weights: quantizer, norm: "rms", activations: "8bit" };
    made.push({ id, op: "dense", attributes, inputs: [before.id], type: { element: "i32", shape: [units] }, weights, origin: [place(id)] });
    if (index === layers.length - 1) return;
    const relu = `relu${index + 1}`;
    made.push({ id: relu, op: "relu", attributes: {}, inputs: [id], type: { element: "i8", shape: [units] }, origin: [place(relu)] });
  });
  return { name, doc, layers: made, result: made.at(-1)!.id };
}

/** Latent weights that use every level, biases of all sizes and shifts, the same for the same network and seed. */
export const seededWeights = (network: Network, seed: number | string = 1): Weights =>
  withSeededConstants(network, seededLevels(network, seed), seed);

/** Latent weights with biases of all sizes, from next to nothing to what outweighs any sum, and shifts. */
export function withSeededConstants(network: Network, given: Weights, seed: number | string): Weights {
  const weights = new Map(given);
  const clip = new Float32Array(0);
  for (const layer of biasLayers(network)) {
    const draw = random(seed, network.name, layer.id);
    const source = weightedBefore(network, layer.inputs[0]!);
    const [step, limit] = [biasStep(network, source, weights.get(source.id)!), biasLimit(network, source)];
    const values = Float32Array.from(
      { length: layer.constants[0]! },
      () => step * Math.round(limit * draw.between(-1, 1) * 2 ** -draw.below(12)),
    );
    weights.set(layer.id, { shape: layer.constants, values, clip });
  }
  for (const layer of fixedLayers(network))
    weights.set(layer.id, { shape: [], values: Float32Array.of(random(seed, network.name, layer.id).below(12)), clip });
  return weights;
}

function seededLevels(network: Network, seed: number | string): Weights {
  return new Map(
    weightedLayers(network).map(({ id, weights }): [string, LayerWeights] => {
      const draw = random(seed, network.name, id);
      const count = weights.shape.reduce((product, extent) => product * extent, 1);
      const { levels, fullScale } = catalog.quantizers[weights.quantizer]!;
      const values = Float32Array.from({ length: count }, () => levels[draw.below(levels.length)]! / fullScale);
      return [id, { shape: weights.shape, values, clip: Float32Array.of(1) }];
    }),
  );
}

/** Random inputs, among them the extremes: all lowest, all highest, all zero, all one. */
export function seededInputs(network: Network, count: number, seed: number | string = 1): Int8Array {
  const size = sizeOf(network.layers[0]!.type.shape);
  const { low, high } = inputRange(network);
  const draw = random(seed, "inputs", network.name);
  const inputs = Int8Array.from({ length: count * size }, () => low + draw.below(high - low + 1));
  [low, high, 0, Math.min(1, high)].forEach((value, sample) => inputs.fill(value, sample * size, Math.min(count, sample + 1) * size));
  return inputs;
}

export const provenance: Provenance = {
  model: "models/test.bnm",
  weights: "models/test.safetensors, sha256 0123",
  params: {},
  version: "0.1.0",
  command: "bnmc emit-c models/test.bnm",
  classes: [],
  preparation: [],
};
