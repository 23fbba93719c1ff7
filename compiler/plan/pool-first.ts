import { catalog } from "../catalog/index.js";
import { type Layer, type LayerId, layerOf, type Network } from "../ir/network.js";

/**
 * Moves max-pooling before monotonic layers such as `relu`: the result is the same, the activation has fewer values to
 * process, and accumulators can be pooled as they are made. A layer that requantizes by the tensor's maximum commutes only
 * with a pool whose windows cover every value.
 */
export function poolFirst(network: Network): Network {
  for (const pool of network.layers.slice(1)) {
    const activation = layerOf(network, pool.inputs[0]!);
    if (commute(network, activation, pool)) return poolFirst(swapped(network, activation, pool));
  }
  return network;
}

function commute(network: Network, activation: Layer, pool: Layer): boolean {
  const picks = catalog.layers[pool.op]!.picks?.({ inputTypes: [activation.type], outputType: pool.type }, pool.attributes);
  if (picks === undefined || catalog.layers[activation.op]?.monotonic !== true || !isOnlyReader(network, activation.id)) return false;
  const requantizes = activation.type.element !== layerOf(network, activation.inputs[0]!).type.element;
  return picks === "all" || !requantizes || activation.type.range === "fixed";
}

const isOnlyReader = ({ layers, result }: Network, id: LayerId): boolean =>
  id !== result && layers.filter(({ inputs }) => inputs.includes(id)).length === 1;

/** Swaps the two layers; both keep their names, and readers of the pool then read the activation. */
function swapped(network: Network, activation: Layer, pool: Layer): Network {
  const { shape } = pool.type;
  const first: Layer = { ...pool, inputs: activation.inputs, type: { ...layerOf(network, activation.inputs[0]!).type, shape } };
  const second: Layer = { ...activation, inputs: [pool.id], type: { ...activation.type, shape } };
  const renamed = (id: LayerId): LayerId => (id === pool.id ? activation.id : id);
  const layers = network.layers.flatMap((layer): readonly Layer[] => {
    if (layer.id === activation.id) return [];
    if (layer.id === pool.id) return [first, second];
    return [{ ...layer, inputs: layer.inputs.map(renamed) }];
  });
  return { ...network, layers, result: renamed(network.result) };
}
