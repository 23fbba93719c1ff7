import { type ActivationName, activationQuantizers, type Scaled } from "#compiler/catalog/activation.js";
import type { Graph } from "#compiler/catalog/graph.js";
import { catalog } from "#compiler/catalog/index.js";
import { type Layer, type LayerId, layerOf, type Network } from "#compiler/ir/network.js";
import { sizeOf } from "#compiler/ir/types.js";

/** The weights of a layer in the graph: levels, with their scale. */
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
export function forwardScaled<T>(on: Graph<T>, network: Network, input: T, weights: ReadonlyMap<LayerId, Held<T>>): Scaled<T> {
  const values = new Map<LayerId, Scaled<T>>([[network.layers[0]!.id, { integers: input, scale: on.literal(1 / 127) }]]);
  for (const layer of network.layers.slice(1)) {
    const inputs = layer.inputs.map((id) => values.get(id)!);
    values.set(layer.id, outputOf(on, network, layer, inputs, weights.get(layer.id)));
  }
  return values.get(network.result)!;
}

function outputOf<T>(on: Graph<T>, network: Network, layer: Layer, inputs: readonly Scaled<T>[], weights: Held<T> | undefined): Scaled<T> {
  const { train, reads } = catalog.layers[layer.op]!;
  const inputTypes = layer.inputs.map((id) => layerOf(network, id).type);
  const pass = (integers: readonly T[], levels?: T): T =>
    train(on, { inputs: integers, weights: levels, inputTypes, outputType: layer.type }, layer.attributes);
  const first = inputs[0]!;
  // Values that are added are of one scale: their integers are those of the chip.
  if (weights === undefined) return { integers: pass(inputs.map(({ integers }) => integers)), scale: first.scale };
  const read = reads?.(layer.attributes) === "i8" ? quantized(on, layer, first, inputTypes[0]!.shape) : first;
  const sums = pass([read.integers], weights.integers);
  return { integers: weights.mask === undefined ? sums : on.multiply(sums, weights.mask), scale: on.multiply(read.scale, weights.scale) };
}

/** The norm and fake quantization of a layer's i8 input, with one scale for all features of a sample. */
function quantized<T>(on: Graph<T>, { attributes }: Layer, { integers, scale }: Scaled<T>, shape: readonly number[]): Scaled<T> {
  const features = shape.length === 1 ? integers : on.reshape(integers, [sizeOf(shape)]);
  const norm = catalog.norms[String(attributes["norm"] ?? "none")]!;
  const divisor = norm.divisor?.(on, on.multiply(features, scale));
  const activations = activationQuantizers[String(attributes["activations"] ?? "8bit") as ActivationName];
  const read = activations.quantize(on, { integers: features, scale: divisor === undefined ? scale : on.divide(scale, divisor) });
  return shape.length === 1 ? read : { ...read, integers: on.reshape(read.integers, shape) };
}
