import { impliedClip } from "#compiler/catalog/codebook.js";
import { catalog } from "#compiler/catalog/index.js";
import type { Application } from "#compiler/catalog/parameter.js";
import type { Clip, Trained } from "#compiler/catalog/training.js";
import { type LayerId, type Network, weightedLayers } from "#compiler/ir/network.js";
import { sizeOf } from "#compiler/ir/types.js";
import type { Weights } from "#compiler/ir/weights.js";
import { random } from "#compiler/random.js";

/** One layer while it is trained: latent weights, the optimizer's memory of them, and the clipping scalars. */
export interface LayerState extends Trained {
  /** Outputs first. */
  readonly shape: readonly number[];
  /** The name of the catalogue quantizer. */
  readonly format: string;
  readonly clip: Float32Array;
}

/** Everything that a training step reads and changes, as plain arrays: what checkpoints hold. */
export interface TrainingState {
  readonly layers: ReadonlyMap<LayerId, LayerState>;
  /** Steps taken so far. */
  readonly step: number;
}

/** Weights uniform within ±1/√inputs, as PyTorch starts its linear layers; each layer draws from its own stream. */
export function initialState(network: Network, optimizer: Application, seed: number): TrainingState {
  const { slots } = catalog.optimizers[optimizer.name]!;
  const layers = weightedLayers(network).map(({ id, weights: { shape, quantizer } }): [LayerId, LayerState] => {
    const source = random(seed, "weights", id);
    const bound = 1 / Math.sqrt(sizeOf(shape.slice(1)));
    const weights = Float32Array.from({ length: sizeOf(shape) }, () => source.between(-bound, bound));
    const memory = Array.from({ length: slots }, () => new Float32Array(weights.length));
    return [id, { shape, format: quantizer, weights, slots: memory, clip: Float32Array.of(1) }];
  });
  return { layers: new Map(layers), step: 0 };
}

/** The state with the clipping scalars that its weights ask for now. */
export const withClips = (state: TrainingState, clip: Application): TrainingState =>
  mapLayers(state, (layer) => {
    const quantizer = catalog.quantizers[layer.format]!;
    const rule: Clip = catalog.clips[clip.name]!;
    return { ...layer, clip: impliedClip(quantizer, layer.weights) ?? rule.clipOf(clip.arguments, layer.weights, layer.shape[0]!, quantizer) };
  });

/** A copy that shares no array with the original. */
export const copyOf = (state: TrainingState): TrainingState =>
  mapLayers(state, (layer) => ({ ...layer, weights: layer.weights.slice(), slots: layer.slots.map((slot) => slot.slice()), clip: layer.clip.slice() }));

/** What a weights file holds of a state: formats that imply their scalar get that of the weights as they are now. */
export const weightsOfState = (state: TrainingState): Weights =>
  new Map(
    [...state.layers].map(([id, { shape, format, weights, clip }]) => [
      id,
      { shape, values: weights, clip: impliedClip(catalog.quantizers[format]!, weights) ?? clip },
    ]),
  );

const mapLayers = ({ layers, step }: TrainingState, change: (layer: LayerState) => LayerState): TrainingState => ({
  layers: new Map([...layers].map(([id, layer]) => [id, change(layer)])),
  step,
});

/** Whether all weights and all memories of the optimizer are numbers. */
export const isFinite = ({ layers }: TrainingState): boolean =>
  [...layers.values()].every(({ weights, slots }) => [weights, ...slots].every((values) => values.every(Number.isFinite)));
