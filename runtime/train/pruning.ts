import { catalog } from "#compiler/catalog/index.js";
import { trainParameters, type TrainSettings } from "#compiler/catalog/statements/train.js";
import type { Trained } from "#compiler/catalog/training.js";
import { biasLayers, type Layer, type LayerId, layerOf, type Network, weightedLayers } from "#compiler/ir/network.js";
import { exitCodes, Failure } from "../failure.js";
import { bitsOf } from "#compiler/ir/types.js";
import { channelGroups } from "./channels.js";
import type { LayerState, TrainingState } from "./state.js";

type Settings = Pick<TrainSettings, "prune">;

const outputsOf = ({ weights }: Layer): number => weights!.shape[0]!;

/** A network with the neurons and channels that it has in one epoch, counted from 0: the same object where these are its own. */
export function widenedAt(network: Network, { prune: { name, arguments: settings } }: Settings, epoch: number): Network {
  const { outputsAt } = catalog.prunings[name]!;
  const outputs = new Map(
    channelGroups(network).map(({ maker }) => [maker, outputsAt(settings, outputsOf(layerOf(network, maker)), epoch)]),
  );
  if ([...outputs].every(([id, count]) => count === outputsOf(layerOf(network, id)))) return network;
  const wide = new Map<LayerId, Layer>();
  for (const layer of network.layers)
    wide.set(
      layer.id,
      widened(
        layer,
        outputs.get(layer.id),
        layer.inputs.map((id) => wide.get(id)!),
      ),
    );
  return { ...network, layers: [...wide.values()] };
}

/** The layer with so many outputs, where they are said, and the shapes that follow from its inputs. */
function widened(layer: Layer, outputs: number | undefined, inputs: readonly Layer[]): Layer {
  const definition = catalog.layers[layer.op];
  if (definition === undefined) return layer;
  const attributes = outputs === undefined ? layer.attributes : { ...layer.attributes, [definition.outputs!]: outputs };
  const { element, range = "sample" } = layer.type;
  const type = definition.infer(
    inputs.map((input) => input.type),
    attributes,
    element === "i32" ? element : { ...bitsOf(element), range },
  );
  if ("gives" in type) throw new Error(`${layer.id} gives ${type.gives}`);
  if ("needs" in type) throw new Error(`${layer.id} with ${outputs} outputs needs ${type.needs}`);
  const shape = layer.weights && definition.weights!(inputs[0]!.type, attributes);
  const constants = definition.constants?.(type);
  return { ...layer, attributes, type, ...(shape && { weights: { ...layer.weights!, shape } }), ...(constants && { constants }) };
}

export const priceOf = ({ prune: { name, arguments: settings } }: Settings): number => catalog.prunings[name]!.price(settings);

/** The layers whose outputs have masks in an epoch: those with more than ship. */
export function maskedAt(network: Network, settings: Settings, epoch: number): ReadonlySet<LayerId> {
  const wide = widenedAt(network, settings, epoch);
  return new Set(
    channelGroups(network).flatMap(({ maker }) => (outputsOf(layerOf(wide, maker)) > outputsOf(layerOf(network, maker)) ? [maker] : [])),
  );
}

/**
 * The state of a wider network as one of `network`: of each group the outputs with the largest masks stay, in their order,
 * and their weights take up the masks.
 */
export function pruned(state: TrainingState, network: Network, { average }: Pick<TrainSettings, "average">): TrainingState {
  const layers = new Map(state.layers);
  const change = (id: LayerId, part: Part): void => void layers.set(id, partOf(layers.get(id)!, part, average > 0));
  const biases = new Map(state.biases);
  for (const { maker, followers, readers } of channelGroups(network)) {
    const { mask } = layers.get(maker)!;
    const left = outputsOf(layerOf(network, maker));
    if (mask === undefined || mask.factors.length === left) continue;
    const kept = largest(mask.factors, left);
    change(maker, { rows: kept, factors: kept.map((i) => mask.factors[i]!) });
    for (const id of followers) change(id, { rows: kept });
    for (const { id, inputs } of biasLayers(network)) {
      if ([maker, ...followers].includes(inputs[0]!)) biases.set(id, biasesOf(biases.get(id)!, kept));
    }
    for (const id of readers) change(id, { columns: kept, of: mask.factors.length });
  }
  const shapes = new Map(weightedLayers(network).map(({ id, weights }) => [id, weights.shape]));
  return { ...state, biases, layers: new Map([...layers].map(([id, layer]) => [id, { ...layer, shape: shapes.get(id)! }])) };
}

function biasesOf({ weights, slots }: Trained, kept: readonly number[]): Trained {
  const picked = (values: Float32Array): Float32Array => Float32Array.from(kept, (i) => values[i]!);
  return { weights: picked(weights), slots: slots.map(picked) };
}

/** The places of the `count` largest values, ascending; of equal ones the first. */
const largest = (values: Float32Array, count: number): readonly number[] =>
  [...values.keys()]
    .sort((one, other) => values[other]! - values[one]! || one - other)
    .slice(0, count)
    .sort((one, other) => one - other);

type Part =
  { readonly rows: readonly number[]; readonly factors?: readonly number[] } | { readonly columns: readonly number[]; readonly of: number };

function partOf(layer: LayerState, part: Part, averaged: boolean): LayerState {
  const rows = layer.shape[0]!;
  const size = layer.weights.length / rows;
  if ("columns" in part) {
    const each = size / part.of;
    const width = part.columns.length * each;
    const narrow = (values: Float32Array): Float32Array =>
      Float32Array.from(
        { length: rows * width },
        (_, i) => values[Math.floor(i / width) * size + part.columns[Math.floor((i % width) / each)]! * each + (i % each)]!,
      );
    return { ...layer, weights: narrow(layer.weights), slots: layer.slots.map(narrow) };
  }
  const picked = (values: Float32Array, width: number, factors?: readonly number[]): Float32Array =>
    Float32Array.from(
      { length: part.rows.length * width },
      (_, i) => values[part.rows[Math.floor(i / width)]! * width + (i % width)]! * (factors?.[Math.floor(i / width)] ?? 1),
    );
  const perRow = (values: Float32Array): Float32Array => (values.length === rows && rows > 1 ? picked(values, 1) : values);
  const { mask: _, ...rest } = layer;
  return {
    ...rest,
    shape: [part.rows.length, ...layer.shape.slice(1)],
    weights: picked(layer.weights, size, part.factors),
    // The mean of the weights is one of weights, too.
    slots: layer.slots.map((values, i) => picked(values, size, averaged && i === layer.slots.length - 1 ? part.factors : undefined)),
    clip: perRow(layer.clip),
    clipSlots: layer.clipSlots.map(perRow),
  };
}

/** Refuses to prune networks that have nothing to leave out. */
export function checkPruning(network: Network, settings: Settings): void {
  if (settings.prune.name === trainParameters.prune.fallback?.name || maskedAt(network, settings, 0).size > 0) return;
  throw new Failure(
    `\`prune\` finds nothing in ${network.name} to begin with more of`,
    "it widens `dense` and `conv` layers, but for the last; raise `surplus`, or leave `prune` out",
    exitCodes.rejected,
  );
}
