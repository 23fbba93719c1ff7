import { catalog } from "../catalog/index.js";
import type { Job, JobWeights } from "../catalog/kernel.js";
import { type Layer, type LayerId, layerOf, type Network } from "../ir/network.js";

/** The layers that do something on the chip, in order: not the input, and none that only changes a type. */
export const workingLayers = (network: Network): readonly Layer[] =>
  network.layers.filter((layer) => layer.inputs.length > 0 && !retypes(layer));

/** The layer whose values `id` are: the layer itself, or the one before layers that only change the type. */
export function valuesOf(network: Network, id: LayerId): LayerId {
  const layer = layerOf(network, id);
  return retypes(layer) ? valuesOf(network, layer.inputs[0]!) : id;
}

/** Whether `next` and nothing else reads what `layer` makes, so that one step may run both. */
export function onlyReader(network: Network, layer: Layer, next: Layer): boolean {
  const readers = workingLayers(network).filter(({ inputs }) => inputs.some((id) => valuesOf(network, id) === layer.id));
  return readers.length === 1 && readers[0] === next && valuesOf(network, network.result) !== layer.id;
}

/** What kernels are asked to bid for: consecutive layers as one step. */
export function jobOf(network: Network, layers: readonly Layer[]): Job {
  return {
    layers,
    reads: layerOf(network, layers[0]!.inputs[0]!).type,
    writes: layers.at(-1)!.type,
    weights: layers.flatMap(weightsOf),
  };
}

function weightsOf({ id, weights }: Layer): readonly JobWeights[] {
  if (weights === undefined) return [];
  const [rows, ...rest] = weights.shape;
  const columns = rest.reduce((product, extent) => product * extent, 1);
  return [{ layer: id, rows: rows!, columns, quantizer: catalog.quantizers[weights.quantizer]! }];
}

const retypes = (layer: Layer): boolean => catalog.layers[layer.op]?.retypes === true;
