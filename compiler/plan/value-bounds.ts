import { type Bounds, everywhere, type KnownWeights } from "../catalog/shapes/bounds.js";
import { catalog } from "../catalog/index.js";
import { type Layer, type LayerId, layerOf, type Network } from "../ir/network.js";

/** The integer weights of layers, as far as they are known. */
export type KnownLevels = ReadonlyMap<LayerId, Int32Array>;

/** Interval analysis: the bounds of every layer's output for every input, from the weights or from what their formats allow. */
export function valueBounds(network: Network, levels: KnownLevels = new Map()): ReadonlyMap<LayerId, Bounds> {
  const bounds = new Map<LayerId, Bounds>([[network.layers[0]!.id, everywhere(-128, 127)]]);
  for (const layer of network.layers.slice(1)) {
    const inputTypes = layer.inputs.map((id) => layerOf(network, id).type);
    const inputs = layer.inputs.map((id) => bounds.get(id)!);
    const reach = { inputs, inputTypes, outputType: layer.type, weights: known(layer, levels) };
    bounds.set(layer.id, catalog.layers[layer.op]!.bounds(reach, layer.attributes));
  }
  return bounds;
}

function known({ id, weights }: Layer, levels: KnownLevels): KnownWeights {
  const values = levels.get(id);
  if (values !== undefined) return { kind: "levels", values };
  const allowed = weights === undefined ? [0] : catalog.quantizers[weights.quantizer]!.levels;
  return { kind: "extremes", low: Math.min(...allowed), high: Math.max(...allowed) };
}
