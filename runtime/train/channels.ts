import { catalog } from "#compiler/catalog/index.js";
import { type Layer, type LayerId, layerOf, type Network } from "#compiler/ir/network.js";
import type { TensorType } from "#compiler/ir/types.js";

/** A group of neurons or channels that can be pruned, each with all weights that belong to it. */
export interface ChannelGroup {
  /** The layer that makes them: each is a row of its weights. */
  readonly maker: LayerId;
  /** Depthwise layers on them: each is a row of their weights. */
  readonly followers: readonly LayerId[];
  /** Layers that read them: columns of their weights, as many for each. */
  readonly readers: readonly LayerId[];
}

/** Every prunable group of a network, in order; channels that must stay as they are, such as the logits, belong to none. */
export function channelGroups(network: Network): readonly ChannelGroup[] {
  const groups = new Map<LayerId, { maker: LayerId; followers: LayerId[]; readers: LayerId[] }>();
  const makers = new Map<LayerId, LayerId>();
  const groupOf = (id: LayerId) => groups.get(makers.get(id) ?? "");
  const fix = (id: LayerId): void => void groups.delete(makers.get(id) ?? "");
  const pass = (from: LayerId, to: LayerId): void => {
    const maker = makers.get(from);
    if (maker !== undefined) makers.set(to, maker);
  };
  for (const layer of network.layers.slice(1)) {
    const { id, inputs } = layer;
    const first = inputs[0]!;
    switch (roleOf(network, layer)) {
      case "maker":
        groupOf(first)?.readers.push(id);
        groups.set(id, { maker: id, followers: [], readers: [] });
        makers.set(id, id);
        break;
      case "follower":
        groupOf(first)?.followers.push(id);
        pass(first, id);
        break;
      case "carrier":
        pass(first, id);
        break;
      case "other":
        inputs.forEach(fix);
    }
  }
  fix(network.result);
  return [...groups.values()];
}

/** What a layer does with the channels of its input: mixes them, is depthwise, passes them on, or none of these. */
function roleOf(
  network: Network,
  { op, attributes, inputs, weights, type: outputType }: Layer,
): "maker" | "follower" | "carrier" | "other" {
  const { outputs, isReinterpret, monotonic, channelwise } = catalog.layers[op]!;
  const inputTypes = inputs.map((id) => layerOf(network, id).type);
  if (weights !== undefined) {
    const [rows, seen] = weights.shape;
    const channels = channelsOf(inputTypes[0]!);
    if (outputs !== undefined) return seen === channels ? "maker" : "other";
    return seen === 1 && rows === channels ? "follower" : "other";
  }
  if (inputs.length > 1) return "other";
  const access = channelwise?.({ inputTypes, outputType }, attributes);
  return isReinterpret === true || monotonic === true || (access?.planes === 1 && access.every === 1) ? "carrier" : "other";
}

const channelsOf = ({ shape }: TensorType): number => shape.at(-1)!;
