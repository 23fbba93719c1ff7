import type { Span } from "#grammar/source.js";
import type { TensorType } from "./types.js";

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

/** The layers that have weights, in order. */
export const weightedLayers = (network: Network): readonly (Layer & { readonly weights: WeightsType })[] =>
  network.layers.filter((layer): layer is Layer & { weights: WeightsType } => layer.weights !== undefined);

/** The number of weights. */
export const parameterCount = (network: Network): number =>
  weightedLayers(network).reduce((sum, { weights }) => sum + weights.shape.reduce((product, extent) => product * extent, 1), 0);
