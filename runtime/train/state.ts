import { impliedClip } from "#compiler/catalog/codebook/codebook.js";
import { catalog } from "#compiler/catalog/index.js";
import type { Application } from "#compiler/ir/application.js";
import type { Clip, Trained } from "#compiler/catalog/training.js";
import { biasLayers, fixedLayers, type LayerId, type Network, weightedLayers } from "#compiler/ir/network.js";
import { sizeOf } from "#compiler/ir/types.js";
import type { LayerWeights, Weights } from "#compiler/ir/weights.js";
import { random } from "#compiler/random.js";
import { optimizerOf, type Stepping } from "./averaging.js";
import { isLearned } from "./clip-learning.js";
import { copyOfMask, type Mask, openMask } from "./mask-learning.js";

/** One layer in training: latent weights, optimizer state and clipping scalars. */
export interface LayerState extends Trained {
  /** Outputs first. */
  readonly shape: readonly number[];
  /** The name of the catalogue quantizer. */
  readonly format: string;
  readonly clip: Float32Array;
  /** Optimizer state of the scalars, where they are learned. */
  readonly clipSlots: readonly Float32Array[];
  /** Of the outputs, while there are more than ship. */
  readonly mask?: Mask;
}

/** Everything that a training step reads and changes, as plain arrays: what checkpoints hold. */
export interface TrainingState {
  readonly layers: ReadonlyMap<LayerId, LayerState>;
  /** A bias of each output, by the layers that add them; zero at first. */
  readonly biases: ReadonlyMap<LayerId, Trained>;
  /** The shifts of layers of a fixed range. */
  readonly shifts: ReadonlyMap<LayerId, number>;
  /** Steps taken so far. */
  readonly step: number;
}

/** Before anything is loaded. */
export const noState: TrainingState = { layers: new Map(), biases: new Map(), shifts: new Map(), step: 0 };

/** Initial weights: uniform within ±1/√inputs, as PyTorch initializes linear layers; each layer draws from its own stream. */
export function initialState(network: Network, stepping: Stepping, seed: number, masked: ReadonlySet<LayerId> = new Set()): TrainingState {
  const { slots } = optimizerOf(stepping);
  const maskSlots = catalog.optimizers[stepping.optimizer.name]!.slots;
  const layers = weightedLayers(network).map(({ id, weights: { shape, quantizer } }): [LayerId, LayerState] => {
    const source = random(seed, "weights", id);
    const bound = 1 / Math.sqrt(sizeOf(shape.slice(1)));
    const weights = Float32Array.from({ length: sizeOf(shape) }, () => source.between(-bound, bound));
    const memory = Array.from({ length: slots }, () => new Float32Array(weights.length));
    const mask = masked.has(id) ? { mask: openMask(shape[0]!, maskSlots) } : {};
    return [id, { shape, format: quantizer, weights, slots: memory, clip: Float32Array.of(1), clipSlots: [], ...mask }];
  });
  const zeros = (count: number): Trained => ({
    weights: new Float32Array(count),
    slots: Array.from({ length: slots }, () => new Float32Array(count)),
  });
  return {
    layers: new Map(layers),
    biases: new Map(biasLayers(network).map(({ id, constants }) => [id, zeros(constants[0]!)])),
    shifts: new Map(fixedLayers(network).map(({ id }) => [id, 0])),
    step: 0,
  };
}

/** The rules that clipping scalars follow: one gives them, or where they begin, and the optimizer may learn them. */
export interface ClipRules {
  readonly clip: Application;
  readonly optimizer: Application;
}

/** The state with the clipping scalars that its weights ask for now, in layers that are `chosen`. */
export const withClips = (
  state: TrainingState,
  { clip, optimizer }: ClipRules,
  chosen: (id: LayerId) => boolean = () => true,
): TrainingState =>
  mapLayers(state, (layer, id) => {
    if (!chosen(id)) return layer;
    const quantizer = catalog.quantizers[layer.format]!;
    const rule: Clip = catalog.clips[clip.name]!;
    const scalars = impliedClip(quantizer, layer.weights) ?? rule.clipOf(clip.arguments, layer.weights, layer.shape[0]!, quantizer);
    const slots = isLearned(rule, layer.format) ? catalog.optimizers[optimizer.name]!.slots : 0;
    return { ...layer, clip: scalars, clipSlots: Array.from({ length: slots }, () => new Float32Array(scalars.length)) };
  });

/** A copy that shares no array with the original. */
export const copyOf = (state: TrainingState): TrainingState => ({
  ...mapLayers(state, (layer) => ({
    ...layer,
    ...copyOfTrained(layer),
    clip: layer.clip.slice(),
    clipSlots: copies(layer.clipSlots),
    ...(layer.mask && { mask: copyOfMask(layer.mask) }),
  })),
  biases: new Map([...state.biases].map(([id, bias]) => [id, copyOfTrained(bias)])),
});

const copyOfTrained = ({ weights, slots }: Trained): Trained => ({ weights: weights.slice(), slots: copies(slots) });

const copies = (arrays: readonly Float32Array[]): readonly Float32Array[] => arrays.map((array) => array.slice());

/** What a weights file holds of a state: formats that imply their scalar get that of the weights as they are now. */
export const weightsOfState = ({ layers, biases, shifts }: TrainingState): Weights =>
  new Map<LayerId, LayerWeights>([
    ...[...layers].map(([id, { shape, format, weights, clip }]): [LayerId, LayerWeights] => [
      id,
      { shape, values: weights, clip: impliedClip(catalog.quantizers[format]!, weights) ?? clip },
    ]),
    ...[...biases].map(([id, { weights }]): [LayerId, LayerWeights] => [id, { shape: [weights.length], values: weights, clip: noClip }]),
    ...[...shifts].map(([id, shift]): [LayerId, LayerWeights] => [id, { shape: [], values: Float32Array.of(shift), clip: noClip }]),
  ]);

const noClip = new Float32Array(0);

/** Trained weights as the state of a network that takes no steps. */
export function stateOfWeights(network: Network, weights: Weights): TrainingState {
  const valuesOf = (id: LayerId): Float32Array => weights.get(id)!.values;
  return {
    layers: new Map(
      weightedLayers(network).map(({ id, weights: { quantizer: format } }): [LayerId, LayerState] => {
        const { shape, values, clip } = weights.get(id)!;
        return [id, { shape, format, weights: values, slots: [], clip, clipSlots: [] }];
      }),
    ),
    biases: new Map(biasLayers(network).map(({ id }) => [id, { weights: valuesOf(id), slots: [] }])),
    shifts: new Map(fixedLayers(network).map(({ id }) => [id, valuesOf(id)[0]!])),
    step: 0,
  };
}

/** The state with weights in the formats of a network, whose scalars may then be new. */
export const inFormats = (state: TrainingState, network: Network): TrainingState => {
  const formats = new Map(weightedLayers(network).map(({ id, weights: { quantizer } }) => [id, quantizer]));
  return mapLayers(state, (layer, id) => ({ ...layer, format: formats.get(id)! }));
};

const mapLayers = (state: TrainingState, change: (layer: LayerState, id: LayerId) => LayerState): TrainingState => ({
  ...state,
  layers: new Map([...state.layers].map(([id, layer]) => [id, change(layer, id)])),
});

/** Whether all weights, biases, clipping scalars, masks and optimizer states are finite. */
export const isFinite = ({ layers, biases }: TrainingState): boolean =>
  [...biases.values()].every(({ weights, slots }) => [weights, ...slots].every((values) => values.every(Number.isFinite))) &&
  [...layers.values()].every(({ weights, slots, clip, clipSlots, mask }) =>
    [weights, ...slots, clip, ...clipSlots, ...(mask === undefined ? [] : [mask.factors, ...mask.slots])].every((values) =>
      values.every(Number.isFinite),
    ),
  );
