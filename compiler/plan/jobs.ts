import { catalog } from "../catalog/index.js";
import type { Job, JobWeights } from "../kernels/contract.js";
import { type Layer, type LayerId, layerOf, type Network } from "../ir/network.js";
import type { StoredElement } from "../ir/plan.js";
import type { Lowered } from "./lower.js";
import type { Levels } from "../catalog/integers.js";

/** The layers that compute something, in order: neither the input nor reinterpretations. */
export const workingLayers = (network: Network): readonly Layer[] =>
  network.layers.filter((layer) => layer.inputs.length > 0 && !isReinterpret(layer));

/** The layer that writes the tensor called `id`: the layer itself, or the one before reinterpretations. */
export function valuesOf(network: Network, id: LayerId): LayerId {
  const layer = layerOf(network, id);
  return isReinterpret(layer) ? valuesOf(network, layer.inputs[0]!) : id;
}

/** Whether a layer reads the tensor that `id` writes. */
export const isReadBy = (network: Network, id: LayerId, { inputs }: Layer): boolean =>
  inputs.some((input) => valuesOf(network, input) === id);

/** Whether `next` is the only reader of `layer`, and reads nothing else, so that one step may fuse both. */
export function onlyReader({ network, layers }: Lowered, layer: Layer, next: Layer): boolean {
  const readers = layers.filter((reader) => isReadBy(network, layer.id, reader));
  const once = next.inputs.length === 1 && valuesOf(network, next.inputs[0]!) === layer.id;
  return readers.length === 1 && readers[0] === next && once && valuesOf(network, network.result) !== layer.id;
}

/** The job that kernels bid for: consecutive layers as one step, whose first input and output are stored in these elements. */
export function jobOf(
  { network, given, stored, range, circumstances: { levels, occupancies, untrained = false, interrupts = "allowed" } }: Lowered,
  layers: readonly Layer[],
  { reads, writes }: { readonly [K in "reads" | "writes"]: StoredElement },
): Job {
  const [first, ...others] = layers[0]!.inputs;
  const occupancy = occupancies?.get(valuesOf(given, layerOf(given, layers[0]!.id).inputs[0]!));
  const elementOf = (id: LayerId) => stored(valuesOf(network, id)).element;
  return {
    layers,
    reads: layerOf(network, first!).type,
    range: range(valuesOf(network, first!)),
    extraInputs: others.map((id) => layerOf(network, id).type),
    writes: layers.at(-1)!.type,
    weights: layers.flatMap((layer) => weightsOf(layer, levels)),
    constants: layers.flatMap(({ id, constants }) => (constants === undefined ? [] : [{ shape: constants, values: levels?.get(id) }])),
    stored: {
      reads,
      shape: layerOf(network, valuesOf(network, first!)).type.shape,
      extraInputs: others.map(elementOf),
      writes,
      within: layers.slice(0, -1).map(({ id }) => elementOf(id)),
    },
    untrained,
    interrupts,
    ...(occupancy && { occupancy }),
  };
}

function weightsOf({ id, weights }: Layer, levels?: Levels): readonly JobWeights[] {
  if (weights === undefined) return [];
  const [rows, ...rest] = weights.shape;
  const columns = rest.reduce((product, extent) => product * extent, 1);
  const known = levels?.get(id);
  return [
    {
      layer: id,
      rows: rows!,
      columns,
      quantizer: catalog.quantizers[weights.quantizer]!,
      ...(known === undefined ? {} : { levels: known }),
    },
  ];
}

export const isReinterpret = (layer: Layer): boolean => catalog.layers[layer.op]?.isReinterpret === true;
