import { type ActivationName, activationQuantizers, type Scaled } from "#compiler/catalog/activation.js";
import type { Graph } from "#compiler/catalog/graph.js";
import { catalog } from "#compiler/catalog/index.js";
import type { Layer, LayerId, Network } from "#compiler/ir/network.js";

/**
 * The float meaning of a network on a batch: what training differentiates. It multiplies and adds whole numbers, as
 * the chip does, and keeps apart what they stand for. `input` is [batch, …shape] of int8 values, `weights` are levels.
 * Gives the sums of the last layer, [batch, classes], where inputs count as within ±1; they are the logits as they are:
 * dividing them by a temperature (1/3, 1/10) gained nothing beyond noise with 4bitsym, ternary, binary and a narrow
 * 2bitsym net.
 */
export function forward<T>(on: Graph<T>, network: Network, input: T, weights: ReadonlyMap<LayerId, Scaled<T>>): T {
  const { integers, unit } = forwardScaled(on, network, input, weights);
  return on.multiply(integers, unit);
}

/** The same, with the whole numbers and their unit still apart. */
export function forwardScaled<T>(on: Graph<T>, network: Network, input: T, weights: ReadonlyMap<LayerId, Scaled<T>>): Scaled<T> {
  const values = new Map<LayerId, Scaled<T>>([[network.layers[0]!.id, { integers: input, unit: on.literal(1 / 127) }]]);
  for (const layer of network.layers.slice(1)) {
    values.set(layer.id, outputOf(on, layer, values.get(layer.inputs[0]!)!, weights.get(layer.id)));
  }
  return values.get(network.result)!;
}

function outputOf<T>(on: Graph<T>, layer: Layer, input: Scaled<T>, weights: Scaled<T> | undefined): Scaled<T> {
  const train = (integers: T, levels?: T): T => catalog.layers[layer.op]!.train(on, integers, levels, layer.type);
  if (weights === undefined) return { integers: train(input.integers), unit: input.unit };
  const read = quantized(on, layer, input);
  return { integers: train(read.integers, weights.integers), unit: on.multiply(read.unit, weights.unit) };
}

/** What a layer with weights makes of its input first. */
function quantized<T>(on: Graph<T>, { attributes }: Layer, { integers, unit }: Scaled<T>): Scaled<T> {
  const norm = catalog.norms[String(attributes["norm"] ?? "none")]!;
  const divisor = norm.divisor?.(on, on.multiply(integers, unit));
  const activations = activationQuantizers[String(attributes["activations"] ?? "8bit") as ActivationName];
  return activations.quantize(on, { integers, unit: divisor === undefined ? unit : on.divide(unit, divisor) });
}
