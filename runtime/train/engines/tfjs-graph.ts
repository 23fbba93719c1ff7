import * as tf from "@tensorflow/tfjs-core";
import type { Graph } from "#compiler/catalog/graph.js";
import { convolve, flatten, maxPool, sumPool } from "./tfjs-images.js";

/** The operations of layers and norms on tensors of tfjs; their gradients are in `tfjs-gradients.ts`. */
export const tfjsGraph: Graph<tf.Tensor> = {
  matmul: (input, weights) => tf.matMul(input as tf.Tensor2D, tf.transpose(weights) as tf.Tensor2D),
  add: (left, right) => tf.add(left, right),
  addBias,
  multiply: (left, right) => tf.mul(left, right),
  divide: (left, right) => tf.div(left, right),
  offset: (input, constant) => tf.add(input, constant),
  scale: (input, factor) => tf.mul(input, factor),
  abs: (input) => tf.abs(input),
  square: (input) => tf.square(input),
  squareRoot: (input) => tf.sqrt(input),
  relu: (input) => tf.relu(input),
  clamp: (input, low, high) => tf.clipByValue(input, low, high),
  round: (input) => straightThrough(tf.round(input), input),
  floor: (input) => tf.floor(input),
  // Clearing the fraction of a float32 leaves the power of two. One number per sample: reading it is cheap.
  powerBelow: (input) =>
    tf.tensor(new Float32Array(new Uint32Array(input.dataSync().slice().buffer).map((bits) => bits & 0xff800000).buffer), input.shape),
  straightThrough,
  literal: (value) => tf.scalar(value),
  // A tensor made of numbers has no history; what is made constant is one number per sample, so reading it is cheap.
  constant: (input) => tf.tensor(input.dataSync(), input.shape),
  featureMean: (input) => tf.mean(input, -1, true),
  featureMax: (input) => tf.max(input, -1, true),
  mean: (input) => tf.mean(input),
  reshape: (input, shape) => tf.reshape(input, [input.shape[0]!, ...shape]),
  images: { convolve, maxPool, sumPool, flatten },
};

/** Along the last axis: channels are last. The gradient by a bias is the sum over samples and places. */
function addBias(input: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  const channels = bias.size;
  const added = tf.customGrad((values, addend) => ({
    value: tf.add(values as tf.Tensor, tf.reshape(addend as tf.Tensor, [channels])),
    gradFunc: (dy: tf.Tensor) => [dy, tf.reshape(tf.sum(tf.reshape(dy, [-1, channels]), 0), bias.shape)],
  }));
  return added(input, bias);
}

/** What is not an argument of a custom gradient has none. */
function straightThrough(values: tf.Tensor, through: tf.Tensor): tf.Tensor {
  return tf.customGrad(() => ({ value: tf.clone(values), gradFunc: (dy: tf.Tensor) => dy }))(through);
}
