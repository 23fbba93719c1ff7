import type { Scaled } from "#compiler/catalog/activation.js";
import type { Graph } from "#compiler/catalog/graph.js";
import { catalog } from "#compiler/catalog/index.js";
import { inputStep, isSum } from "#compiler/catalog/integers.js";
import { fixedLayers, type Layer, type LayerId, layerOf, type Network } from "#compiler/ir/network.js";
import { type Activation, elementRange, sizeOf, type TensorType } from "#compiler/ir/types.js";

/** What is trained of a layer in the graph: levels with their scale; a bias of each channel; what a fixed range multiplies by. */
export interface Held<T> extends Scaled<T> {
  /** The mask while pruning: a factor for each output, or for each output channel. */
  readonly mask?: T;
}

/**
 * The forward pass that training differentiates, on a batch. It multiplies and adds integers, as the chip does, and carries
 * their scale beside them. `input` is [batch, …shape] of int8 values, `weights` are levels.
 * Gives the sums of the last layer, [batch, classes], where inputs count as within ±1; they are the logits as they are:
 * dividing them by a temperature (1/3, 1/10) gained nothing beyond noise with 4bitsym, ternary, binary and a narrow
 * 2bitsym net.
 */
export function forward<T>(on: Graph<T>, network: Network, input: T, weights: ReadonlyMap<LayerId, Held<T>>): T {
  const { integers, scale } = forwardScaled(on, network, input, weights);
  return on.multiply(integers, scale);
}

/** The same, with integers and scale still apart. */
export const forwardScaled = <T>(on: Graph<T>, network: Network, input: T, weights: ReadonlyMap<LayerId, Held<T>>): Scaled<T> =>
  forwardValues(on, network, input, weights).get(network.result)!;

/** The output of every layer. */
export function forwardValues<T>(
  on: Graph<T>,
  network: Network,
  input: T,
  weights: ReadonlyMap<LayerId, Held<T>>,
): ReadonlyMap<LayerId, Scaled<T>> {
  const values = new Map<LayerId, Scaled<T>>([[network.layers[0]!.id, { integers: input, scale: on.literal(1 / 127) }]]);
  for (const layer of network.layers.slice(1)) {
    const inputs = layer.inputs.map((id) => values.get(id)!);
    values.set(layer.id, outputOf(on, network, layer, inputs, weights.get(layer.id)));
  }
  return values;
}

/**
 * The sparsity cost of each sample, [batch, 1]: the mean magnitude of the activations of each fixed range, as a share of its largest, summed
 * over the layers. Undefined where no range is fixed.
 */
export function activityOf<T>(on: Graph<T>, network: Network, values: ReadonlyMap<LayerId, Scaled<T>>): T | undefined {
  const costs = fixedLayers(network).map(({ id, type: { element, shape } }) => {
    const { low, high } = elementRange(element as Activation);
    const { integers } = values.get(id)!;
    const vector = shape.length === 1 ? integers : on.reshape(integers, [sizeOf(shape)]);
    return on.scale(on.featureMean(low < 0 ? on.abs(vector) : vector), 1 / (high + 1));
  });
  return costs.length === 0 ? undefined : costs.reduce((sum, cost) => on.add(sum, cost));
}

function outputOf<T>(on: Graph<T>, network: Network, layer: Layer, inputs: readonly Scaled<T>[], weights: Held<T> | undefined): Scaled<T> {
  const { train } = catalog.layers[layer.op]!;
  const inputTypes = layer.inputs.map((id) => layerOf(network, id).type);
  const pass = (integers: readonly T[], levels?: T): T =>
    train(on, { inputs: integers, weights: levels, inputTypes, outputType: layer.type }, layer.attributes);
  const first = inputs[0]!;
  // Values that are added are of one scale: their integers are those of the chip.
  const read = inputTypes[0]!.element === "i32" ? first : readBy(on, network, layer, first, inputTypes[0]!);
  if (layer.weights === undefined) {
    const integers = pass(
      [read, ...inputs.slice(1)].map((input) => input.integers),
      weights?.integers,
    );
    // Whoever reads what a fixed range gives knows its scale.
    return { integers, scale: read.scale };
  }
  const sums = pass([read.integers], weights!.integers);
  return {
    integers: weights!.mask === undefined ? sums : on.multiply(sums, weights!.mask),
    scale: on.multiply(read.scale, weights!.scale),
  };
}

/** The integers that a layer reads that multiplies or adds activations: a fixed range has a constant scale, any other is normalized and rounded here. */
function readBy<T>(on: Graph<T>, network: Network, layer: Layer, input: Scaled<T>, { shape }: TensorType): Scaled<T> {
  if (layer.attributes["range"] === "fixed") return { integers: input.integers, scale: on.literal(inputStep(network, layer)) };
  if (catalog.layers[layer.op]!.reads?.(layer.attributes) !== "activations") return input;
  // Samples are whole numbers as they are.
  return quantized(on, layer, input, shape, isSum(network, layer.inputs[0]!));
}

/** The norm and fake quantization of a layer's input, with one scale for all features of a sample. */
function quantized<T>(
  on: Graph<T>,
  { attributes }: Layer,
  { integers, scale }: Scaled<T>,
  shape: readonly number[],
  rounds: boolean,
): Scaled<T> {
  const features = shape.length === 1 ? integers : on.reshape(integers, [sizeOf(shape)]);
  const norm = catalog.norms[String(attributes["norm"] ?? "none")]!;
  const divisor = norm.divisor?.(on, on.multiply(features, scale));
  const activations = catalog.activations[String(attributes["activations"] ?? "8bit")]!;
  const normalized = { integers: features, scale: divisor === undefined ? scale : on.divide(scale, divisor) };
  const read = rounds ? activations.quantize(on, normalized) : normalized;
  return shape.length === 1 ? read : { ...read, integers: on.reshape(read.integers, shape) };
}
