import * as tf from "@tensorflow/tfjs-core";
import { quantizeWeights } from "#compiler/catalog/integers.js";
import { type Layer, type Network, trainedLayers } from "#compiler/ir/network.js";
import { sizeOf } from "#compiler/ir/types.js";
import type { Weights } from "#compiler/ir/weights.js";
import { useFastestBackend } from "../engines/tfjs-backend.js";
import { shifting } from "../engines/fused/inference.js";
import { tfjsGraph } from "../engines/tfjs-graph.js";
import { channelsLast } from "../engines/tfjs-images.js";
import { forwardScaled, type Held } from "../forward.js";

/** The whole numbers that training's forward pass sums in tfjs with activations rounded by shifts, [samples, classes]. */
export async function tfjsIntegers(network: Network, weights: Weights, samples: Int8Array): Promise<Int32Array> {
  await useFastestBackend();
  tf.engine().startScope();
  const { shape } = network.layers[0]!.type;
  const count = samples.length / sizeOf(shape);
  const levels = quantizeWeights(network, weights);
  const held = new Map(trainedLayers(network).map((layer) => [layer.id, heldOf(layer, levels.get(layer.id)!)]));
  const input = channelsLast(tf.tensor(Float32Array.from(samples), [count, ...shape.slice(-1), ...shape.slice(0, -1)]));
  const { integers } = forwardScaled(tfjsGraph, shifting(network), input, held);
  const result = Int32Array.from(integers.dataSync());
  tf.engine().endScope();
  return result;
}

function heldOf({ weights, constants }: Layer, integers: Int32Array): Held<tf.Tensor> {
  const scale = tf.scalar(1);
  if (constants?.length === 0) return { integers: tf.scalar(2 ** -integers[0]!), scale };
  return { integers: tf.tensor(Float32Array.from(integers), weights === undefined ? [integers.length, 1] : [...weights.shape]), scale };
}
