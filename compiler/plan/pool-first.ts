import { channelsOf } from "../catalog/feature-map.js";
import { type Layer, type LayerId, layerOf, type Network } from "../ir/network.js";

/**
 * The network with every `maxpool` that reads a `relu` before it: a shift that never falls commutes with the largest of
 * a window, and there is less to shift. A `relu` that rescales is asked for the largest value of all, so there the
 * windows must leave nothing out.
 */
export function poolFirst(network: Network): Network {
  for (const pool of network.layers) {
    if (pool.op !== "maxpool") continue;
    const relu = layerOf(network, pool.inputs[0]!);
    if (relu.op !== "relu" || !isOnlyReader(network, relu.id) || (relu.type.element === "i8" && leavesRest(relu, pool))) continue;
    return poolFirst(swapped(network, relu, pool));
  }
  return network;
}

const isOnlyReader = ({ layers, result }: Network, id: LayerId): boolean =>
  id !== result && layers.filter(({ inputs }) => inputs.includes(id)).length === 1;

function leavesRest(relu: Layer, pool: Layer): boolean {
  const [from, to] = [channelsOf(relu.type.shape), channelsOf(pool.type.shape)];
  return from.height % to.height !== 0 || from.width % to.width !== 0 || from.height / to.height !== Number(pool.attributes["size"]);
}

/** Both keep their names; what read the pool reads the relu. */
function swapped(network: Network, relu: Layer, pool: Layer): Network {
  const sums = layerOf(network, relu.inputs[0]!).type.element;
  const first: Layer = { ...pool, inputs: relu.inputs, type: { element: sums, shape: pool.type.shape } };
  const second: Layer = { ...relu, inputs: [pool.id], type: { element: relu.type.element, shape: pool.type.shape } };
  const renamed = (id: LayerId): LayerId => (id === pool.id ? relu.id : id);
  const layers = network.layers.flatMap((layer): readonly Layer[] => {
    if (layer.id === relu.id) return [];
    if (layer.id === pool.id) return [first, second];
    return [{ ...layer, inputs: layer.inputs.map(renamed) }];
  });
  return { ...network, layers, result: renamed(network.result) };
}
