import type { Convolution } from "#compiler/catalog/shapes/convolution.js";
import { areaOf, type FeatureMap } from "#compiler/catalog/shapes/feature-map.js";
import type { Graph } from "#compiler/catalog/graph.js";
import { pooled, type PoolWindow } from "#compiler/catalog/shapes/pool.js";
import { map, node, reduce, zip, type Node } from "./autodiff.js";

function matmul(input: Node, weights: Node): Node {
  const [batch, inputs] = input.shape as readonly [number, number];
  const units = weights.shape[0]!;
  return bilinear(input, weights, [batch, units], (visit) => {
    for (let b = 0; b < batch; b++)
      for (let u = 0; u < units; u++) for (let i = 0; i < inputs; i++) visit(b * units + u, b * inputs + i, u * inputs + i);
  });
}

/** Calls back with the places of all products: of the sum, the input and the weight. */
type EachProduct = (visit: (sum: number, x: number, w: number) => void) => void;

/** Sums of products of an input and a weight; `each` calls back in every pass anew. */
function bilinear(input: Node, weights: Node, shape: readonly number[], each: EachProduct): Node {
  const sums = new Float64Array(shape.reduce((size, extent) => size * extent, 1));
  each((sum, x, w) => (sums[sum]! += input.values[x]! * weights.values[w]!));
  const result: Node = node(sums, shape, [input, weights], () =>
    each((sum, x, w) => {
      input.gradient[x]! += result.gradient[sum]! * weights.values[w]!;
      weights.gradient[w]! += result.gradient[sum]! * input.values[x]!;
    }),
  );
  return result;
}

/** Images or sequences [batch, …, channels]: where a value of a sample lies. */
const placeIn = ({ width, channels }: FeatureMap, row: number, column: number, channel: number): number =>
  (row * width + column) * channels + channel;

function mapOf({ shape }: Node): FeatureMap {
  return { height: shape[1]!, width: shape.length === 4 ? shape[2]! : 1, channels: shape.at(-1)! };
}

const withMap = ({ shape }: Node, { height, width, channels }: FeatureMap): number[] =>
  shape.length === 4 ? [shape[0]!, height, width, channels] : [shape[0]!, height, channels];

/** Calls back for every output of a sample with every place of every channel. */
function eachOutput({ height, width, channels }: FeatureMap, visit: (row: number, column: number, channel: number) => void): void {
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) for (let channel = 0; channel < channels; channel++) visit(row, column, channel);
}

function convolve(input: Node, weights: Node, { input: from, output, kernel, stride, padding, depth, share }: Convolution): Node {
  const batch = input.shape[0]!;
  const each = (visit: (sum: number, x: number, w: number) => void): void => {
    for (let b = 0; b < batch; b++) {
      eachOutput(output, (row, column, channel) => {
        for (let plane = 0; plane < depth; plane++) {
          for (let ky = 0; ky < kernel.height; ky++) {
            for (let kx = 0; kx < kernel.width; kx++) {
              const [y, x] = [row * stride - padding.top + ky, column * stride - padding.left + kx];
              if (y < 0 || y >= from.height || x < 0 || x >= from.width) continue;
              const seen = placeIn(from, y, x, Math.floor(channel / share) * depth + plane);
              const weight = ((channel * depth + plane) * kernel.height + ky) * kernel.width + kx;
              visit(
                b * areaOf(output) * output.channels + placeIn(output, row, column, channel),
                b * areaOf(from) * from.channels + seen,
                weight,
              );
            }
          }
        }
      });
    }
  };
  return bilinear(input, weights, withMap(input, output), each);
}

function pool(
  input: Node,
  window: PoolWindow,
  value: (group: Float64Array) => number,
  shares: (group: Float64Array) => readonly number[],
): Node {
  const from = mapOf(input);
  const output = pooled(from, window);
  const places: number[] = [];
  for (let b = 0; b < input.shape[0]!; b++) {
    eachOutput(output, (row, column, channel) => {
      for (let y = 0; y < window.height; y++) {
        for (let x = 0; x < window.width; x++) {
          places.push(b * areaOf(from) * from.channels + placeIn(from, row * window.height + y, column * window.width + x, channel));
        }
      }
    });
  }
  return reduce(pick(input, places, [places.length]), window.height * window.width, withMap(input, output), value, shares);
}

/** The values at some places. */
function pick(input: Node, places: readonly number[], shape: readonly number[]): Node {
  const result: Node = node(
    places.map((place) => input.values[place]!),
    shape,
    [input],
    () => places.forEach((place, i) => (input.gradient[place]! += result.gradient[i]!)),
  );
  return result;
}

function flatten(input: Node): Node {
  const map = mapOf(input);
  const size = areaOf(map) * map.channels;
  const channelMajor: number[] = [];
  for (let channel = 0; channel < map.channels; channel++) {
    eachOutput({ ...map, channels: 1 }, (row, column) => channelMajor.push(placeIn(map, row, column, channel)));
  }
  const places = Array.from({ length: input.shape[0]! }, (_, b) => channelMajor.map((place) => b * size + place));
  return pick(input, places.flat(), [input.shape[0]!, size]);
}

/** Doubles this large have no fractions: adding rounds, halves to even. */
const rounding = 1.5 * 2 ** 52;
const roundHalfEven = (value: number): number => value + rounding - rounding;

const mean = (group: Float64Array): number => group.reduce((sum, value) => sum + value, 0) / group.length;
const evenly = (group: Float64Array): number[] => Array.from(group, () => 1 / group.length);
const features = ({ shape }: Node): number => shape.at(-1)!;
const perSample = ({ shape }: Node): number[] => [...shape.slice(0, -1), 1];

/** Equal shares for all that are the largest. */
function ofLargest(group: Float64Array): number[] {
  const largest = Math.max(...group);
  const ties = group.filter((value) => value === largest).length;
  return Array.from(group, (value) => (value === largest ? 1 / ties : 0));
}

function addBias(input: Node, bias: Node): Node {
  const channel = (i: number): number => i % bias.values.length;
  const values = input.values.map((value, i) => value + bias.values[channel(i)]!);
  const result: Node = node(values, input.shape, [input, bias], () => {
    result.gradient.forEach((dy, i) => {
      input.gradient[i]! += dy;
      bias.gradient[channel(i)]! += dy;
    });
  });
  return result;
}

/** The operations of training on arrays of doubles, as plainly as they can be written. */
export const arrayGraph: Graph<Node> = {
  matmul,
  add: (left, right) =>
    zip(
      left,
      right,
      (a, b) => a + b,
      () => [1, 1],
    ),
  addBias,
  multiply: (left, right) =>
    zip(
      left,
      right,
      (a, b) => a * b,
      (a, b) => [b, a],
    ),
  divide: (left, right) =>
    zip(
      left,
      right,
      (a, b) => a / b,
      (a, b) => [1 / b, -a / b ** 2],
    ),
  offset: (input, constant) =>
    map(
      input,
      (x) => x + constant,
      () => 1,
    ),
  scale: (input, factor) =>
    map(
      input,
      (x) => x * factor,
      () => factor,
    ),
  abs: (input) => map(input, Math.abs, Math.sign),
  square: (input) =>
    map(
      input,
      (x) => x * x,
      (x) => 2 * x,
    ),
  squareRoot: (input) => map(input, Math.sqrt, (_, y) => 1 / (2 * y)),
  relu: (input) =>
    map(
      input,
      (x) => Math.max(x, 0),
      (x) => (x > 0 ? 1 : 0),
    ),
  clamp: (input, low, high) =>
    map(
      input,
      (x) => Math.min(high, Math.max(low, x)),
      (x) => (x > low && x < high ? 1 : 0),
    ),
  round: (input) => map(input, roundHalfEven, () => 1),
  floor: (input) => node(input.values.map(Math.floor), input.shape),
  powerBelow: (input) =>
    node(
      input.values.map((x) => (x > 0 ? 2 ** Math.floor(Math.log2(x)) : -1)),
      input.shape,
    ),
  straightThrough: (values, through) => {
    const result: Node = node(values.values, values.shape, [through], () =>
      result.gradient.forEach((slope, i) => (through.gradient[i]! += slope)),
    );
    return result;
  },
  literal: (value) => node([value], []),
  constant: (input) => node(input.values, input.shape),
  featureMean: (input) => reduce(input, features(input), perSample(input), mean, evenly),
  featureMax: (input) => reduce(input, features(input), perSample(input), (group) => Math.max(...group), ofLargest),
  mean: (input) => reduce(input, input.values.length, [], mean, evenly),
  reshape: (input, shape) =>
    reduce(
      input,
      1,
      [input.shape[0]!, ...shape],
      ([value]) => value!,
      () => [1],
    ),
  images: {
    convolve,
    maxPool: (input, window) => pool(input, window, (group) => Math.max(...group), ofLargest),
    sumPool: (input, window) =>
      pool(
        input,
        window,
        (group) => group.reduce((total, value) => total + value, 0),
        (group) => [...group].map(() => 1),
      ),
    flatten,
  },
};
