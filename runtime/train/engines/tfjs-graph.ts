import * as tf from "@tensorflow/tfjs-core";
import type { Graph } from "#compiler/catalog/graph.js";

/** The operations of layers and norms on tensors of tfjs; their gradients are in `tfjs-gradients.ts`. */
export const tfjsGraph: Graph<tf.Tensor> = {
  matmul: (input, weights) => tf.matMul(input as tf.Tensor2D, tf.transpose(weights) as tf.Tensor2D),
  add: (left, right) => tf.add(left, right),
  multiply: (left, right) => tf.mul(left, right),
  divide: (left, right) => tf.div(left, right),
  offset: (input, constant) => tf.add(input, constant),
  scale: (input, factor) => tf.mul(input, factor),
  abs: (input) => tf.abs(input),
  square: (input) => tf.square(input),
  squareRoot: (input) => tf.sqrt(input),
  relu: (input) => tf.relu(input),
  clamp: (input, low, high) => tf.clipByValue(input, low, high),
  round: (input) => roundStraightThrough(input),
  // A tensor made of numbers has no history; what is made constant is one number per sample, so reading it is cheap.
  constant: (input) => tf.tensor(input.dataSync(), input.shape),
  featureMean: (input) => tf.mean(input, -1, true),
  featureMax: (input) => tf.max(input, -1, true),
  mean: (input) => tf.mean(input),
  reshape: (input, shape) => tf.reshape(input, [input.shape[0]!, ...shape]),
};

const roundStraightThrough = tf.customGrad((input) => ({
  value: tf.round(input as tf.Tensor),
  gradFunc: (dy: tf.Tensor) => dy,
}));
