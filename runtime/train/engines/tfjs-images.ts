import * as tf from "@tensorflow/tfjs-core";
import type { Convolution } from "#compiler/catalog/shapes/convolution.js";
import type { PoolWindow } from "#compiler/catalog/shapes/pool.js";
import { interleaved } from "./tfjs-image-gradients.js";

/**
 * Operations on images for tfjs, whose kernels want channels last (NHWC). Non-overlapping windows and filters of stride 1 without
 * padding are all that gradients have to know: padding, stride and groups are operations of their own.
 */
export function convolve(input: tf.Tensor, weights: tf.Tensor, geometry: Convolution): tf.Tensor {
  const { kernel, output, stride, depth, share } = geometry;
  const rows = (output.height - 1) * stride + kernel.height;
  const columns = (output.width - 1) * stride + kernel.width;
  const seen = windowed(asImage(input), rows, columns, geometry);
  const groups = output.channels / share;
  const sums = groups === 1 ? conv(seen, weights) : depth === 1 ? depthwise(seen, weights, share) : grouped(seen, weights, groups);
  return asRank(input.rank, subsample(sums, stride));
}

export const maxPool = (input: tf.Tensor, window: PoolWindow): tf.Tensor => pool(input, window, tf.maxPool);

/** By sums of rank 3, which are exact; `avgPool` divides. */
export const sumPool = (input: tf.Tensor, window: PoolWindow): tf.Tensor =>
  pool(input, window, (image, [height, width]) => {
    const [batch, rows, columns, channels] = image.shape;
    const summed = tf.customGrad((values) => {
      const lines = tf.sum(tf.reshape(values as tf.Tensor, [-1, height, columns * channels]), 1);
      const sums = tf.sum(tf.reshape(lines, [-1, width, channels]), 1);
      const value = tf.reshape(sums, [batch, rows / height, columns / width, channels]);
      return { value, gradFunc: (dy: tf.Tensor) => interleaved(height, width, () => dy as tf.Tensor4D) };
    });
    return summed(image) as tf.Tensor4D;
  });

/** Channel by channel. */
export function flatten(input: tf.Tensor): tf.Tensor {
  const order = [0, input.rank - 1, ...Array.from({ length: input.rank - 2 }, (_, i) => i + 1)];
  const channelsFirst = input.rank < 3 || input.shape.at(-1) === 1 ? input : tf.transpose(input, order);
  return tf.reshape(channelsFirst, [input.shape[0]!, -1]);
}

/** The inverse of what `flatten` does to the order: from [batch, channels, …] to [batch, …, channels]. */
export const channelsLast = (input: tf.Tensor): tf.Tensor =>
  input.rank < 3 ? input : tf.transpose(input, [0, ...Array.from({ length: input.rank - 2 }, (_, i) => i + 2), 1]);

/** A sequence is an image one column wide. */
const asImage = (input: tf.Tensor): tf.Tensor4D =>
  (input.rank === 4 ? input : tf.reshape(input, [input.shape[0]!, input.shape[1]!, 1, input.shape[2]!])) as tf.Tensor4D;

const asRank = (rank: number, image: tf.Tensor4D): tf.Tensor =>
  rank === 4 ? image : tf.reshape(image, [image.shape[0], image.shape[1], image.shape[3]]);

/** The input cropped, and padded with zeros, to exactly what windows read. */
function windowed(image: tf.Tensor4D, rows: number, columns: number, { padding: { top, left } }: Convolution): tf.Tensor4D {
  const [batch, height, width, channels] = image.shape;
  const [bottom, right] = [Math.max(0, rows - top - height), Math.max(0, columns - left - width)];
  const padded =
    top + left + bottom + right === 0
      ? image
      : tf.pad(image, [
          [0, 0],
          [top, bottom],
          [left, right],
          [0, 0],
        ]);
  const whole = padded.shape[1] === rows && padded.shape[2] === columns;
  return whole ? padded : tf.slice(padded, [0, 0, 0, 0], [batch, rows, columns, channels]);
}

const conv = (image: tf.Tensor4D, weights: tf.Tensor): tf.Tensor4D =>
  tf.conv2d(image, tf.transpose(weights, [2, 3, 1, 0]) as tf.Tensor4D, 1, "valid");

function depthwise(image: tf.Tensor4D, weights: tf.Tensor, share: number): tf.Tensor4D {
  const [channels, , height, width] = weights.shape as [number, number, number, number];
  const kernels = tf.transpose(tf.reshape(weights, [channels / share, share, height, width]), [2, 3, 0, 1]) as tf.Tensor4D;
  return tf.depthwiseConv2d(image, kernels, 1, "valid");
}

function grouped(image: tf.Tensor4D, weights: tf.Tensor, groups: number): tf.Tensor4D {
  const [batch, height, width, channels] = image.shape;
  const [outputs, ...kernel] = weights.shape as [number, number, number, number];
  const parts = Array.from({ length: groups }, (_, group) => {
    const seen = tf.slice(image, [0, 0, 0, (group * channels) / groups], [batch, height, width, channels / groups]);
    return conv(seen, tf.slice(weights, [(group * outputs) / groups, 0, 0, 0], [outputs / groups, ...kernel]));
  });
  return tf.concat(parts, 3);
}

/** Every `stride`-th row and column from the first on. */
function subsample(image: tf.Tensor4D, stride: number): tf.Tensor4D {
  return stride === 1 ? image : (tf.stridedSlice(image, [0, 0, 0, 0], image.shape, [1, stride, stride, 1]) as tf.Tensor4D);
}

function pool(
  input: tf.Tensor,
  window: PoolWindow,
  kernel: (image: tf.Tensor4D, size: [number, number], strides: [number, number], pad: "valid") => tf.Tensor4D,
): tf.Tensor {
  const image = asImage(input);
  const [batch, height, width, channels] = image.shape;
  const size = [window.height, window.width] as [number, number];
  const [rows, columns] = [height - (height % window.height), width - (width % window.width)];
  const used = rows === height && columns === width ? image : tf.slice(image, [0, 0, 0, 0], [batch, rows, columns, channels]);
  return asRank(input.rank, kernel(used, size, size, "valid"));
}
