import { catalog } from "../catalog/index.js";
import { type Layer, type LayerId, layerOf, type Network } from "../ir/network.js";

/**
 * The network with the largest of windows taken before what only monotonic, such as `relu`: the result is the same, there is
 * less to change, and sums can be pooled as they are made. Where values are rescaled by the largest of all, that has
 * to be among those that are picked.
 */
export function poolFirst(network: Network): Network {
  for (const pool of network.layers.slice(1)) {
    const riser = layerOf(network, pool.inputs[0]!);
    if (commute(network, riser, pool)) return poolFirst(swapped(network, riser, pool));
  }
  return network;
}

function commute(network: Network, riser: Layer, pool: Layer): boolean {
  const picks = catalog.layers[pool.op]!.picks?.({ inputTypes: [riser.type], outputType: pool.type }, pool.attributes);
  if (picks === undefined || catalog.layers[riser.op]?.monotonic !== true || !isOnlyReader(network, riser.id)) return false;
  const rescales = riser.type.element !== layerOf(network, riser.inputs[0]!).type.element;
  return picks === "all" || !rescales;
}

const isOnlyReader = ({ layers, result }: Network, id: LayerId): boolean =>
  id !== result && layers.filter(({ inputs }) => inputs.includes(id)).length === 1;

/** Both keep their names; what read the pool reads the other. */
function swapped(network: Network, riser: Layer, pool: Layer): Network {
  const { element } = layerOf(network, riser.inputs[0]!).type;
  const first: Layer = { ...pool, inputs: riser.inputs, type: { element, shape: pool.type.shape } };
  const second: Layer = { ...riser, inputs: [pool.id], type: { element: riser.type.element, shape: pool.type.shape } };
  const renamed = (id: LayerId): LayerId => (id === pool.id ? riser.id : id);
  const layers = network.layers.flatMap((layer): readonly Layer[] => {
    if (layer.id === riser.id) return [];
    if (layer.id === pool.id) return [first, second];
    return [{ ...layer, inputs: layer.inputs.map(renamed) }];
  });
  return { ...network, layers, result: renamed(network.result) };
}
