import * as tf from "@tensorflow/tfjs-core";
import { catalog } from "#compiler/catalog/index.js";
import { quantize } from "#compiler/catalog/codebook/codebook.js";
import { type Network, weightedLayers } from "#compiler/ir/network.js";
import { sizeOf } from "#compiler/ir/types.js";
import type { Weights } from "#compiler/ir/weights.js";
import { useFastestBackend } from "../engines/tfjs-backend.js";
import { shifting } from "../engines/fused/inference.js";
import { tfjsGraph } from "../engines/tfjs-graph.js";
import { channelsLast } from "../engines/tfjs-images.js";
import { forwardScaled } from "../forward.js";

/** The whole numbers that training's forward pass sums in tfjs with activations rounded by shifts, [samples, classes]. */
export async function tfjsIntegers(network: Network, weights: Weights, samples: Int8Array): Promise<Int32Array> {
  await useFastestBackend();
  tf.engine().startScope();
  const { shape } = network.layers[0]!.type;
  const count = samples.length / sizeOf(shape);
  const held = new Map(
    weightedLayers(network).map(({ id, weights: { quantizer, shape: extents } }) => {
      const { values, clip } = weights.get(id)!;
      const levels = quantize(catalog.quantizers[quantizer]!, { values, rows: extents[0]!, clip });
      return [id, { integers: tf.tensor(Float32Array.from(levels), [...extents]), scale: tf.scalar(1) }];
    }),
  );
  const input = channelsLast(tf.tensor(Float32Array.from(samples), [count, ...shape.slice(-1), ...shape.slice(0, -1)]));
  const { integers } = forwardScaled(tfjsGraph, shifting(network), input, held);
  const result = Int32Array.from(integers.dataSync());
  tf.engine().endScope();
  return result;
}
