import type { Span } from "#grammar/source.js";
import { type Activation, elementRange, type Range, sizeOf, type TensorType } from "./types.js";

/**
 * The graph of a model: blocks inlined, settings cascaded, types inferred. Layers are in topological order and name their
 * inputs, so that a skip connection is just a second reader.
 */
export interface Network {
  readonly name: string;
  /** The model's `///` lines. */
  readonly doc: string;
  readonly layers: readonly Layer[];
  readonly result: LayerId;
}

/** The layer's `as` name, else its operation and its count from 1: `dense1`. Also its name in weights files. */
export type LayerId = string;

export interface Layer {
  readonly id: LayerId;
  /** A catalogue layer, or `input`. */
  readonly op: string;
  /** Checked against the catalogue entry's parameters. */
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly inputs: readonly LayerId[];
  readonly type: TensorType;
  /** Present on layers that have weights. */
  readonly weights?: WeightsType;
  /** The shape of what training finds for a layer without weights: a bias of each channel; of a fixed range the shift, a scalar. */
  readonly constants?: readonly number[];
  /** Where written, then the blocks and repeats it was expanded through. */
  readonly origin: readonly Span[];
}

export interface WeightsType {
  /** Outputs first: [units, inputs]. */
  readonly shape: readonly number[];
  /** The name of the catalogue quantizer. */
  readonly quantizer: string;
}

export const layerOf = (network: Network, id: LayerId): Layer => {
  const layer = network.layers.find((candidate) => candidate.id === id);
  if (layer === undefined) throw new Error(`${network.name} has no layer ${id}`);
  return layer;
};

/** The values that samples have as the input of a network. */
export const inputRange = ({ layers }: Network): Range => elementRange(layers[0]!.type.element as Activation);

/** The layers that have weights, in order. */
export const weightedLayers = (network: Network): readonly (Layer & { readonly weights: WeightsType })[] =>
  network.layers.filter((layer): layer is Layer & { weights: WeightsType } => layer.weights !== undefined);

/** The layers for which training finds integers: weights, biases, shifts. */
export const trainedLayers = (network: Network): readonly Layer[] =>
  network.layers.filter(({ weights, constants }) => weights !== undefined || constants !== undefined);

/** The layers that add a bias to the sums of the layer before. */
export const biasLayers = (network: Network): readonly (Layer & { readonly constants: readonly number[] })[] =>
  network.layers.filter((layer): layer is Layer & { constants: readonly number[] } => (layer.constants?.length ?? 0) > 0);

/** The layers whose shift is a constant: their range is fixed. */
export const fixedLayers = (network: Network): readonly Layer[] => network.layers.filter(({ constants }) => constants?.length === 0);

/** The number of weights and biases. */
export const parameterCount = (network: Network): number =>
  network.layers.reduce((sum, { weights, constants = [] }) => {
    if (weights !== undefined) return sum + sizeOf(weights.shape);
    return constants.length === 0 ? sum : sum + sizeOf(constants);
  }, 0);
