import { impliedClip, levelValue, quantize } from "#compiler/catalog/codebook/codebook.js";
import { catalog } from "#compiler/catalog/index.js";
import { integersOf, biasStep, weightedBefore } from "#compiler/catalog/integers.js";
import { biasLayers, type LayerId, type Network } from "#compiler/ir/network.js";
import type { Batch } from "../engine.js";
import { forward } from "../forward.js";
import { softmaxCrossEntropy } from "../loss.js";
import { type TrainingState, weightsOfState } from "../state.js";
import { arrayGraph } from "./array-graph.js";
import { differentiate, node, type Node } from "./autodiff.js";

/** The loss of a batch and its gradients by the weights, on arrays of doubles: what engines are held against. */
export function referenceStep(
  network: Network,
  state: TrainingState,
  batch: Batch,
  classWeights: Float32Array,
): { readonly loss: number; readonly gradients: ReadonlyMap<LayerId, Float64Array> } {
  const integers = weightsOfState(state);
  const quantized = [...state.layers].map(([id, { shape, format, weights, clip: given }]) => {
    const quantizer = catalog.quantizers[format]!;
    const scalars = impliedClip(quantizer, weights) ?? given;
    const levels = node(Float64Array.from(quantize(quantizer, { values: weights, rows: shape[0]!, clip: scalars })), shape);
    return { id, levels, value: levelValue(quantizer, scalars) };
  });
  const biases = biasLayers(network).map((layer) => {
    const source = weightedBefore(network, layer.inputs[0]!);
    const levels = node(Float64Array.from(integersOf(network, layer, integers)), [layer.constants[0]!, 1]);
    return { id: layer.id, levels, value: biasStep(network, source, integers.get(source.id)!) };
  });
  const trained = [...quantized, ...biases];
  const weights = new Map([
    ...trained.map(({ id, levels, value }) => [id, { integers: levels, scale: node([value], []) }] as const),
    ...[...state.shifts].map(([id, shift]) => [id, { integers: node([2 ** -shift], []), scale: node([1], []) }] as const),
  ]);
  const sums = forward(arrayGraph, network, channelsLast(network, batch.inputs, batch.labels.length), weights);
  const { loss, gradient } = softmaxCrossEntropy(Float32Array.from(sums.values), batch, classWeights);
  differentiate(sums, gradient);
  return { loss, gradients: new Map(trained.map(({ id, levels, value }) => [id, levels.gradient.map((slope) => slope / value)])) };
}

/** Samples lie channel by channel; a graph has channels last. */
function channelsLast(network: Network, inputs: Int8Array, count: number): Node {
  const { shape } = network.layers[0]!.type;
  const size = inputs.length / count;
  const channels = shape.length > 1 ? shape.at(-1)! : 1;
  const area = size / channels;
  const values = Float64Array.from(inputs, (_, at) => {
    const [sample, rest] = [Math.floor(at / size), at % size];
    return inputs[sample * size + (rest % channels) * area + Math.floor(rest / channels)]!;
  });
  return node(values, [count, ...shape]);
}
