import { catalog } from "#compiler/catalog/index.js";
import type { Application } from "#compiler/ir/application.js";
import { type Layer, type Network, weightedLayers } from "#compiler/ir/network.js";

/** A network with the formats that its weights have in one epoch, counted from 0: the same object where these are its own. */
export function formattedAt(network: Network, { name, arguments: settings }: Application, epoch: number): Network {
  const { formatAt } = catalog.progressions[name]!;
  const formats = new Map(
    weightedLayers(network).map(({ id, weights: { quantizer: format } }, index) => [id, formatAt(settings, { format, index }, epoch)]),
  );
  const changed = (layer: Layer): Layer => {
    const quantizer = formats.get(layer.id);
    if (layer.weights === undefined || quantizer === undefined || quantizer === layer.weights.quantizer) return layer;
    return { ...layer, attributes: { ...layer.attributes, weights: quantizer }, weights: { ...layer.weights, quantizer } };
  };
  const layers = network.layers.map(changed);
  return layers.every((layer, i) => layer === network.layers[i]) ? network : { ...network, layers };
}
