import { type Layer, type LayerId, layerOf, type Network, trainedLayers } from "../ir/network.js";
import { type Activation, elementRange, magnitudesOf, type Range, sizeOf } from "../ir/types.js";
import type { LayerWeights, Weights } from "../ir/weights.js";
import { levelValue, quantize } from "./codebook/codebook.js";
import { largestLevel } from "./codebook/shape.js";
import { catalog } from "./index.js";
import { roundHalfEven } from "./round-half-even.js";

/** What ships of each layer that has something trained: integer levels, row by row; the bias of each channel; the shift of a fixed range. */
export type Levels = ReadonlyMap<LayerId, Int32Array>;

/** Quantizes what was trained; it must fit the network. */
export const quantizeWeights = (network: Network, weights: Weights): Levels =>
  new Map(trainedLayers(network).map((layer) => [layer.id, integersOf(network, layer, weights)]));

/** The integers of one layer. */
export function integersOf(network: Network, { id, weights: type, constants = [], inputs }: Layer, weights: Weights): Int32Array {
  const { values, clip } = heldBy(id, weights);
  if (type !== undefined) return quantize(catalog.quantizers[type.quantizer]!, { values, rows: type.shape[0]!, clip });
  if (constants.length === 0) return Int32Array.from(values);
  const source = weightedBefore(network, inputs[0]!);
  const step = biasStep(network, source, heldBy(source.id, weights));
  const limit = biasLimit(network, source);
  return Int32Array.from(values, (value) => integerBias(value, step, limit));
}

/** The layer whose sums get a bias: a plan may have moved a pool between the two. */
export function weightedBefore(network: Network, id: LayerId): Layer {
  const layer = layerOf(network, id);
  return layer.weights === undefined ? weightedBefore(network, layer.inputs[0]!) : layer;
}

/** A bias in units of sums, of which one is worth `step`. Float32, as training computes it; rounds half to even. */
export function integerBias(value: number, step: number, limit: number): number {
  const rounded = roundHalfEven(Math.fround(Math.fround(value) / Math.fround(step)));
  return Math.max(-limit, Math.min(limit, rounded));
}

function heldBy(id: LayerId, weights: Weights): LayerWeights {
  const held = weights.get(id);
  if (held === undefined) throw new Error(`no weights for ${id}`);
  return held;
}

/**
 * What one step of the activations that a layer of a fixed range reads is worth in training: the largest value of a sample is 4 and the
 * largest activation 24, whatever their bits. Chosen on validation data of MNIST: with 4 for both, nets of 1 to 8 bits lose half a point.
 */
export const inputStep = (network: Network, layer: Layer): number =>
  (isSum(network, layer.inputs[0]!) ? 24 : 4) / magnitudesOf(elementRead(network, layer));

/** The activations that a layer with weights reads. */
const elementRead = (network: Network, { inputs }: Layer): Activation => layerOf(network, inputs[0]!).type.element as Activation;

/** Whether values come from sums: else they are those of the sample. */
export function isSum(network: Network, id: LayerId): boolean {
  const { inputs, type } = layerOf(network, id);
  return type.element === "i32" || (inputs.length > 0 && isSum(network, inputs[0]!));
}

/** A bias of 1 is a weight of 1 on an input that always is one more than the largest; what that is worth in each unit of sums. */
export const biasUnit = (network: Network, layer: Layer): number => 1 / magnitudesOf(elementRead(network, layer));

/** The bias that is one unit of the sums of a layer. */
export const biasStep = (network: Network, layer: Layer, { clip }: LayerWeights): number =>
  Math.fround(biasUnit(network, layer) * Math.fround(levelValue(catalog.quantizers[layer.weights!.quantizer]!, clip)));

/** The largest bias of a layer: it outweighs any sum, so that a larger one would change nothing. */
export function biasLimit(network: Network, layer: Layer): number {
  const { low, high } = elementRange(elementRead(network, layer));
  const { quantizer, shape } = layer.weights!;
  return Math.max(-low, high) * largestLevel(catalog.quantizers[quantizer]!.levels) * sizeOf(shape.slice(1));
}

/** The largest shift: half of what it divides by is added to sums that leave room for it. */
export const mostShift = 24;

/** The interval that the integers of a layer lie in, whatever training finds. */
export function integerRange(network: Network, { weights, constants = [], inputs }: Layer): Range {
  if (weights !== undefined) {
    const { levels } = catalog.quantizers[weights.quantizer]!;
    return { low: Math.min(...levels), high: Math.max(...levels) };
  }
  if (constants.length === 0) return { low: 0, high: mostShift };
  const limit = biasLimit(network, weightedBefore(network, inputs[0]!));
  return { low: -limit, high: limit };
}
