import { catalog } from "../catalog/index.js";
import { areaOf, channelsOf } from "../catalog/shapes/feature-map.js";
import type { ChannelAccess } from "../catalog/layer.js";
import type { DeploySettings } from "../catalog/statements/deploy.js";
import { type Layer, type LayerId, layerOf, type Network } from "../ir/network.js";
import type { Interrupts, Stride } from "../ir/plan.js";
import type { Range } from "../ir/types.js";
import type { Occupancies } from "../ir/occupancy.js";
import { isReinterpret, workingLayers } from "./jobs.js";
import { poolFirst } from "./pool-first.js";
import { nibbleStorage, rangeOf, storage, type Stored } from "./storage.js";
import type { Levels } from "../catalog/integers.js";
import { valueBounds } from "./value-bounds.js";

/**
 * A depthwise chain: layers in which no channel reads another one, so that each channel runs through all of them before the
 * next begins, and the tensors between them are stored for one channel.
 */
export interface DepthwiseChain {
  readonly channels: number;
  readonly layers: readonly Layer[];
}

/** What a network is lowered with: what is known beside its definition. */
export interface Circumstances {
  readonly levels?: Levels;
  /** Plans for weights that are still to be trained: kernels that have to know them may offer what they take of typical ones. */
  readonly untrained?: boolean;
  readonly occupancies?: Occupancies;
  readonly interrupts?: Interrupts;
  /** Whether the caller's input may be overwritten; `kept` is the default. */
  readonly input?: DeploySettings["input"];
}

/** A network lowered for a chip, before kernels are chosen: order of execution, depthwise chains, storage of tensors. */
export interface Lowered {
  readonly network: Network;
  /** As it was before pools were moved: what was measured of a network is by the names of its tensors there. */
  readonly given: Network;
  /** The layers that compute something, in order of execution: reinterpretations are none. */
  readonly layers: readonly Layer[];
  chainOf(id: LayerId): DepthwiseChain | undefined;
  /** How the output tensor of a layer is stored, unless the kernels on both sides of it take nibbles. */
  stored(id: LayerId): Stored;
  /** The same in nibbles, for those that may be stored so. */
  nibbles(id: LayerId): Stored | undefined;
  /** The proved interval of a layer's output values. */
  range(id: LayerId): Range;
  /** How a step of a chain advances through a tensor that has all channels. */
  stride(id: LayerId, reader?: Layer): Stride | undefined;
  readonly circumstances: Circumstances;
}

/** Lowers a network: moves pools first, finds depthwise chains, and picks the narrowest storage that the proved intervals allow. */
export function lower(given: Network, circumstances: Circumstances = {}): Lowered {
  const network = poolFirst(given);
  const layers = workingLayers(network);
  const bounds = valueBounds(network, circumstances.levels);
  const chains = chainsOf(network, layers);
  const memberships = new Map(chains.flatMap((chain) => chain.layers.map(({ id }) => [id, chain] as const)));
  const chainOf = (id: LayerId): DepthwiseChain | undefined => memberships.get(id);
  const tensors = { network, layers, chainOf };
  const stored = new Map(network.layers.map((layer) => [layer.id, storage(tensors, layer, bounds.get(layer.id)!)]));
  const nibbles = new Map(layers.map((layer) => [layer.id, nibbleStorage(tensors, layer, stored.get(layer.id)!)]));
  return {
    network,
    given,
    layers,
    circumstances,
    chainOf,
    stored: (id) => stored.get(id)!,
    nibbles: (id) => nibbles.get(id),
    range: (id) => rangeOf(bounds.get(id)!),
    stride: (id, reader) => {
      if (stored.get(id)!.channelwise || channelsOf(layerOf(network, id).type.shape).channels === 1) return undefined;
      const area = areaOf(channelsOf(layerOf(network, id).type.shape));
      const { planes, every } = reader === undefined ? { planes: 1, every: 1 } : accessOf(network, reader)!;
      return reader !== undefined && every >= chainOf(reader.id)!.channels ? undefined : { elements: planes * area, every };
    },
  };
}

/** Which input channels one channel of a layer reads; undefined when it needs all. */
function accessOf(network: Network, { op, attributes, inputs, type }: Layer): ChannelAccess | undefined {
  const inputTypes = inputs.map((id) => layerOf(network, id).type);
  return catalog.layers[op]!.channelwise?.({ inputTypes, outputType: type }, attributes);
}

/** Maximal chains: a layer joins the chain before it when it is depthwise. */
function chainsOf(network: Network, layers: readonly Layer[]): readonly DepthwiseChain[] {
  const chains: DepthwiseChain[] = [];
  let open: DepthwiseChain | undefined;
  for (const layer of layers) {
    const access = accessOf(network, layer);
    const { channels } = channelsOf(layer.type.shape);
    const own = access?.planes === 1 && access.every === 1;
    const follows = layer.inputs.some((id) => !isReinterpret(layerOf(network, id)) && open?.layers.some((member) => member.id === id));
    const joins: boolean = own && follows && open!.channels === channels;
    if (joins) chains.pop();
    open = access === undefined ? undefined : { channels, layers: joins ? [...open!.layers, layer] : [layer] };
    if (open !== undefined) chains.push(open);
  }
  return chains;
}
