import { fakeQuantizeActivations } from "#compiler/catalog/activation.js";
import type { Graph } from "#compiler/catalog/graph.js";
import { catalog } from "#compiler/catalog/index.js";
import type { Layer, LayerId, Network } from "#compiler/ir/network.js";

/**
 * The float meaning of a network on a batch: what training differentiates. `input` is [batch, …shape] with the
 * int8 values divided by 127; `weights` are fake-quantized. Gives the sums of the last layer, [batch, classes]; they
 * are the logits as they are: dividing them by a temperature (1/3, 1/10) gained nothing beyond noise with 4bitsym, ternary,
 * binary and a narrow 2bitsym net.
 */
export function forward<T>(on: Graph<T>, network: Network, input: T, weights: ReadonlyMap<LayerId, T>): T {
  const values = new Map<LayerId, T>([[network.layers[0]!.id, input]]);
  for (const layer of network.layers.slice(1)) {
    const source = values.get(layer.inputs[0]!)!;
    const held = weights.get(layer.id);
    const read = held === undefined ? source : normalized(on, layer, source);
    values.set(layer.id, catalog.layers[layer.op]!.train(on, read, held, layer.type));
  }
  return values.get(network.result)!;
}

/** What a layer with weights makes of its input first. */
function normalized<T>(on: Graph<T>, layer: Layer, input: T): T {
  const norm = catalog.norms[String(layer.attributes["norm"] ?? "none")]!;
  return fakeQuantizeActivations(on, norm.train(on, input));
}
