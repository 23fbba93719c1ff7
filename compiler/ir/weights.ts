import type { LayerId } from "./network.js";

/** The trained latent weights of one layer: float32, before quantization. */
export interface LayerWeights {
  /** Outputs first: [units, inputs]. */
  readonly shape: readonly number[];
  readonly values: Float32Array;
  /** The clipping scalar of the layer, or one per output. */
  readonly clip: Float32Array;
}

export type Weights = ReadonlyMap<LayerId, LayerWeights>;
