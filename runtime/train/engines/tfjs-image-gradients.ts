import * as tf from "@tensorflow/tfjs-core";
import type { Rule } from "./tfjs-gradients.js";

type Image = tf.Tensor4D;

/**
 * Gradients of the operations on images. The WASM backend has no kernels for the gradients by filters and by the input of
 * depthwise convolutions; they are sums of products of shifted images, and convolutions with turned kernels.
 */
export const imageRules: Readonly<Record<string, Rule>> = {
  [tf.Conv2D]: {
    inputs: ["x", "filter"],
    gradient: (dy, [x, filter]) => ({
      x: () => tf.conv2d(bordered(dy as Image, filter as Image), tf.transpose(turned(filter as Image), [0, 1, 3, 2]) as Image, 1, "valid"),
      filter: () => byTap(filter as Image, (row, column) => product(shifted(x as Image, row, column, dy as Image), dy as Image)),
    }),
  },
  [tf.DepthwiseConv2dNative]: {
    inputs: ["x", "filter"],
    gradient: (dy, [x, filter]) => ({
      x: () => depthwiseInput(dy as Image, filter as Image),
      filter: () => byTap(filter as Image, (row, column) => channelSums(shifted(x as Image, row, column, dy as Image), dy as Image)),
    }),
  },
  [tf.PadV2]: {
    inputs: ["x"],
    gradient: (dy, [x], { paddings }) => ({
      x: () =>
        tf.slice(
          dy,
          (paddings as [number, number][]).map(([before]) => before),
          x!.shape,
        ),
    }),
  },
  [tf.Slice]: {
    inputs: ["x"],
    gradient: (dy, [x], { begin }) => ({
      x: () =>
        tf.pad(
          dy,
          (begin as number[]).map((before, axis) => [before, x!.shape[axis]! - before - dy.shape[axis]!]),
        ),
    }),
  },
  [tf.Concat]: {
    list: true,
    gradient: (dy, parts, { axis }) => Object.fromEntries(parts.map((_, i) => [i, () => part(dy, parts, i, axis as number)])),
  },
  [tf.StridedSlice]: {
    inputs: ["x"],
    gradient: (dy, [x], { strides }) => ({ x: () => spread(dy as Image, x as Image, (strides as number[])[1]!) }),
  },
  [tf.MaxPool]: {
    inputs: ["x"],
    outputs: [true],
    gradient: (dy, [x, y], { filterSize }) => ({ x: () => toLargest(dy as Image, x as Image, y as Image, filterSize as [number, number]) }),
  },
};

/** What of a gradient belongs to the i-th of the tensors that were joined along an axis. */
function part(dy: tf.Tensor, parts: readonly tf.Tensor[], i: number, axis: number): tf.Tensor {
  const before = parts.slice(0, i).reduce((sum, { shape }) => sum + shape[axis]!, 0);
  return tf.slice(
    dy,
    dy.shape.map((_, at) => (at === axis ? before : 0)),
    parts[i]!.shape,
  );
}

/** The values that one tap of a filter multiplies, one for each output. */
const shifted = (image: Image, row: number, column: number, { shape: [batch, height, width] }: Image): Image =>
  tf.slice(image, [0, row, column, 0], [batch, height, width, image.shape[3]]);

/** As a matrix: a row for each place of each sample. */
const rowsOf = (image: tf.Tensor): tf.Tensor2D => tf.reshape(image, [-1, image.shape.at(-1)!]);

/** [inputs, outputs]: the correlation of each pair of channels. */
function product(seen: Image, dy: Image): tf.Tensor {
  const rows = rowsOf(seen);
  // One column is as good as transposed.
  const columns = rows.shape[1] === 1 ? tf.reshape(rows, [1, -1]) : tf.transpose(rows);
  return tf.matMul(columns as tf.Tensor2D, rowsOf(dy));
}

/** [inputs, outputs of one input]; a product with ones is the fastest sum of rows. */
function channelSums(seen: Image, dy: Image): tf.Tensor {
  const channels = seen.shape[3];
  const share = dy.shape[3] / channels;
  const products = share === 1 ? tf.mul(seen, dy) : tf.mul(tf.reshape(seen, [-1, channels, 1]), tf.reshape(dy, [-1, channels, share]));
  const rows = tf.reshape(products, [-1, channels * share]) as tf.Tensor2D;
  return tf.reshape(tf.matMul(tf.ones([1, rows.shape[0]]) as tf.Tensor2D, rows), [channels, share]);
}

/** A filter [rows, columns, …] from the gradient of each of its taps. */
function byTap(filter: Image, gradient: (row: number, column: number) => tf.Tensor): tf.Tensor {
  const [height, width] = filter.shape;
  const taps = Array.from({ length: height * width }, (_, tap) => gradient(Math.floor(tap / width), tap % width));
  return tf.reshape(tf.stack(taps), filter.shape);
}

/** With as many zeros around as windows of the filter can reach over the edge. */
const bordered = (dy: Image, { shape: [height, width] }: Image): Image =>
  height === 1 && width === 1
    ? dy
    : tf.pad(dy, [
        [0, 0],
        [height - 1, height - 1],
        [width - 1, width - 1],
        [0, 0],
      ]);

const turned = (filter: Image): Image => (filter.shape[0] === 1 && filter.shape[1] === 1 ? filter : tf.reverse(filter, [0, 1]));

function depthwiseInput(dy: Image, filter: Image): tf.Tensor {
  const [height, width, channels, share] = filter.shape;
  const [batch, rows, columns] = dy.shape;
  const parts = Array.from({ length: share }, (_, q) => {
    const slopes =
      share === 1 ? dy : (tf.reshape(tf.slice(tf.reshape(dy, [-1, share]), [0, q], [-1, 1]), [batch, rows, columns, channels]) as Image);
    const kernels = share === 1 ? filter : tf.slice(filter, [0, 0, 0, q], [height, width, channels, 1]);
    return tf.depthwiseConv2d(bordered(slopes, filter), turned(kernels), 1, "valid");
  });
  return parts.reduce((sum, part) => tf.add(sum, part));
}

/** Every value of the larger image is `piece(row, column)` at its place in its window. */
export function interleaved(height: number, width: number, piece: (row: number, column: number) => Image): Image {
  const lines = Array.from({ length: height }, (_, row) => {
    const pieces = Array.from({ length: width }, (_, column) => piece(row, column));
    const [batch, rows, columns, channels] = pieces[0]!.shape;
    return tf.reshape(tf.stack(pieces, 3), [batch, rows, columns * width, channels]);
  });
  const [batch, rows, columns, channels] = lines[0]!.shape as [number, number, number, number];
  return tf.reshape(tf.stack(lines, 2), [batch, rows * height, columns, channels]) as Image;
}

/** Back to where a subsampling took it from, zeros between. */
function spread(dy: Image, { shape: [batch, height, width, channels] }: Image, stride: number): tf.Tensor {
  const zeros = tf.zerosLike(dy);
  const large = interleaved(stride, stride, (row, column) => (row === 0 && column === 0 ? dy : zeros));
  const [, rows, columns] = large.shape;
  const grown = tf.pad(large, [
    [0, 0],
    [0, Math.max(0, height - rows)],
    [0, Math.max(0, width - columns)],
    [0, 0],
  ]);
  return tf.slice(grown, [0, 0, 0, 0], [batch, height, width, channels]);
}

/** The gradient of max pooling: it goes to the largest value of each window, shared by equal ones. */
function toLargest(dy: Image, x: Image, y: Image, [height, width]: readonly [number, number]): tf.Tensor {
  // `step` is 0 at 0 and 1 above: what is not below the largest is it. Comparisons are slow in the WASM backend.
  const isLargest = (row: number, column: number): Image => {
    const values = tf.stridedSlice(x, [0, row, column, 0], x.shape, [1, height, width, 1]);
    return tf.sub(1, tf.step(tf.sub(y, values)));
  };
  const places = Array.from({ length: height }, (_, row) => Array.from({ length: width }, (_, column) => isLargest(row, column)));
  const ties = places.flat().reduce((sum, place) => tf.add(sum, place));
  const share = tf.div(dy, ties);
  return interleaved(height, width, (row, column) => tf.mul(places[row]![column]!, share));
}
