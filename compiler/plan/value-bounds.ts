import { type Bounds, everywhere, type KnownWeights } from "../catalog/shapes/bounds.js";
import { catalog } from "../catalog/index.js";
import { integerRange, type Levels } from "../catalog/integers.js";
import { inputRange, type Layer, type LayerId, layerOf, type Network } from "../ir/network.js";

/** Interval analysis: the bounds of every layer's output for every input, from the weights or from what their formats allow. */
export function valueBounds(network: Network, levels: Levels = new Map()): ReadonlyMap<LayerId, Bounds> {
  const { low, high } = inputRange(network);
  const bounds = new Map<LayerId, Bounds>([[network.layers[0]!.id, everywhere(low, high)]]);
  for (const layer of network.layers.slice(1)) {
    const inputTypes = layer.inputs.map((id) => layerOf(network, id).type);
    const inputs = layer.inputs.map((id) => bounds.get(id)!);
    const reach = { inputs, inputTypes, outputType: layer.type, weights: known(network, layer, levels) };
    bounds.set(layer.id, catalog.layers[layer.op]!.bounds(reach, layer.attributes));
  }
  return bounds;
}

function known(network: Network, layer: Layer, levels: Levels): KnownWeights {
  const values = levels.get(layer.id);
  if (values !== undefined) return { kind: "levels", values };
  const trained = layer.weights !== undefined || layer.constants !== undefined;
  return { kind: "extremes", ...(trained ? integerRange(network, layer) : { low: 0, high: 0 }) };
}
