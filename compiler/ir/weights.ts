import type { LayerId } from "./network.js";

/** What was trained of one layer, in float32, before quantization: latent weights; a bias of each channel; the shift of a fixed range. */
export interface LayerWeights {
  /** Outputs first: [units, inputs]. */
  readonly shape: readonly number[];
  readonly values: Float32Array;
  /** The clipping scalar of the layer, or one per output; empty for a layer without weights. */
  readonly clip: Float32Array;
}

export type Weights = ReadonlyMap<LayerId, LayerWeights>;
