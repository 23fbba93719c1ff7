import type { Graph } from "#compiler/catalog/graph.js";

/** A tensor of doubles that remembers how it was made: the simplest automatic differentiation, to hold engines against. */
export interface Node {
  readonly shape: readonly number[];
  readonly values: Float64Array;
  readonly gradient: Float64Array;
  /** Adds to the gradients of what it was made of. */
  readonly backward: () => void;
  readonly parents: readonly Node[];
}

export const node = (values: ArrayLike<number>, shape: readonly number[], parents: readonly Node[] = [], backward: () => void = () => {}): Node => ({
  shape,
  values: Float64Array.from(values),
  gradient: new Float64Array(values.length),
  backward,
  parents,
});

/** Fills in the gradients of everything that `result` was made of, for the given gradient of `result`. */
export function differentiate(result: Node, gradient: ArrayLike<number>): void {
  const order: Node[] = [];
  const visit = (from: Node): void => {
    if (order.includes(from)) return;
    from.parents.forEach(visit);
    order.push(from);
  };
  visit(result);
  result.gradient.set(Array.from(gradient));
  for (const each of order.reverse()) each.backward();
}

/** One value at a time: `slope` is the derivative by the input, given input and output. */
function map(input: Node, value: (x: number) => number, slope: (x: number, y: number) => number): Node {
  const result: Node = node(input.values.map(value), input.shape, [input], () => {
    for (let i = 0; i < input.values.length; i++) input.gradient[i]! += result.gradient[i]! * slope(input.values[i]!, result.values[i]!);
  });
  return result;
}

/** Element by element; an operand of shape [batch, 1] or [] is repeated. */
function zip(left: Node, right: Node, value: (a: number, b: number) => number, slopes: (a: number, b: number) => readonly [number, number]): Node {
  const [large, small] = left.values.length >= right.values.length ? [left, right] : [right, left];
  const times = large.values.length / small.values.length;
  const index = (operand: Node, i: number): number => (operand === large ? i : small.values.length === 1 ? 0 : Math.floor(i / times));
  const values = large.values.map((_, i) => value(left.values[index(left, i)]!, right.values[index(right, i)]!));
  const result: Node = node(values, large.shape, [left, right], () => {
    result.gradient.forEach((dy, i) => {
      const [byLeft, byRight] = slopes(left.values[index(left, i)]!, right.values[index(right, i)]!);
      left.gradient[index(left, i)]! += dy * byLeft;
      right.gradient[index(right, i)]! += dy * byRight;
    });
  });
  return result;
}

/** Groups of `size` values become one; `weights` says how much of the result's gradient each value of a group gets. */
function reduce(input: Node, size: number, shape: readonly number[], value: (group: Float64Array) => number, weights: (group: Float64Array) => readonly number[]): Node {
  const groups = Array.from({ length: input.values.length / size }, (_, i) => input.values.slice(i * size, (i + 1) * size));
  const result: Node = node(groups.map(value), shape, [input], () => {
    groups.forEach((group, g) => weights(group).forEach((share, i) => (input.gradient[g * size + i]! += share * result.gradient[g]!)));
  });
  return result;
}

function matmul(input: Node, weights: Node): Node {
  const [batch, inputs] = input.shape as readonly [number, number];
  const units = weights.shape[0]!;
  const each = (visit: (sum: number, x: number, w: number) => void): void => {
    for (let b = 0; b < batch; b++) for (let u = 0; u < units; u++) for (let i = 0; i < inputs; i++) visit(b * units + u, b * inputs + i, u * inputs + i);
  };
  const sums = new Float64Array(batch * units);
  each((sum, x, w) => (sums[sum]! += input.values[x]! * weights.values[w]!));
  const result: Node = node(sums, [batch, units], [input, weights], () =>
    each((sum, x, w) => {
      input.gradient[x]! += result.gradient[sum]! * weights.values[w]!;
      weights.gradient[w]! += result.gradient[sum]! * input.values[x]!;
    }),
  );
  return result;
}

/** Doubles this large have no fractions: adding rounds, halves to even. */
const rounding = 1.5 * 2 ** 52;
const roundHalfEven = (value: number): number => value + rounding - rounding;

const mean = (group: Float64Array): number => group.reduce((sum, value) => sum + value, 0) / group.length;
const evenly = (group: Float64Array): number[] => Array.from(group, () => 1 / group.length);
const features = ({ shape }: Node): number => shape.at(-1)!;
const perSample = ({ shape }: Node): number[] => [...shape.slice(0, -1), 1];

export const arrayGraph: Graph<Node> = {
  matmul,
  add: (left, right) => zip(left, right, (a, b) => a + b, () => [1, 1]),
  multiply: (left, right) => zip(left, right, (a, b) => a * b, (a, b) => [b, a]),
  divide: (left, right) => zip(left, right, (a, b) => a / b, (a, b) => [1 / b, -a / b ** 2]),
  offset: (input, constant) => map(input, (x) => x + constant, () => 1),
  scale: (input, factor) => map(input, (x) => x * factor, () => factor),
  abs: (input) => map(input, Math.abs, Math.sign),
  square: (input) => map(input, (x) => x * x, (x) => 2 * x),
  squareRoot: (input) => map(input, Math.sqrt, (_, y) => 1 / (2 * y)),
  relu: (input) => map(input, (x) => Math.max(x, 0), (x) => (x > 0 ? 1 : 0)),
  clamp: (input, low, high) => map(input, (x) => Math.min(high, Math.max(low, x)), (x) => (x > low && x < high ? 1 : 0)),
  round: (input) => map(input, roundHalfEven, () => 1),
  floor: (input) => node(input.values.map(Math.floor), input.shape),
  powerBelow: (input) => node(input.values.map((x) => (x > 0 ? 2 ** Math.floor(Math.log2(x)) : -1)), input.shape),
  straightThrough: (values, through) => {
    const result: Node = node(values.values, values.shape, [through], () => result.gradient.forEach((slope, i) => (through.gradient[i]! += slope)));
    return result;
  },
  literal: (value) => node([value], []),
  constant: (input) => node(input.values, input.shape),
  featureMean: (input) => reduce(input, features(input), perSample(input), mean, evenly),
  featureMax: (input) =>
    reduce(input, features(input), perSample(input), (group) => Math.max(...group), (group) => {
      const largest = Math.max(...group);
      const ties = group.filter((value) => value === largest).length;
      return Array.from(group, (value) => (value === largest ? 1 / ties : 0));
    }),
  mean: (input) => reduce(input, input.values.length, [], mean, evenly),
  reshape: (input, shape) => reduce(input, 1, [input.shape[0]!, ...shape], ([value]) => value!, () => [1]),
};
