/** A tensor of doubles that remembers how it was made: the simplest automatic differentiation, to hold engines against. */
export interface Node {
  readonly shape: readonly number[];
  readonly values: Float64Array;
  readonly gradient: Float64Array;
  /** Adds to the gradients of what it was made of. */
  readonly backward: () => void;
  readonly parents: readonly Node[];
}

export const node = (
  values: ArrayLike<number>,
  shape: readonly number[],
  parents: readonly Node[] = [],
  backward: () => void = () => {},
): Node => ({
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
export function map(input: Node, value: (x: number) => number, slope: (x: number, y: number) => number): Node {
  const result: Node = node(input.values.map(value), input.shape, [input], () => {
    for (let i = 0; i < input.values.length; i++) input.gradient[i]! += result.gradient[i]! * slope(input.values[i]!, result.values[i]!);
  });
  return result;
}

/** Element by element; an operand of shape [batch, 1] or [] is repeated. */
export function zip(
  left: Node,
  right: Node,
  value: (a: number, b: number) => number,
  slopes: (a: number, b: number) => readonly [number, number],
): Node {
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
export function reduce(
  input: Node,
  size: number,
  shape: readonly number[],
  value: (group: Float64Array) => number,
  weights: (group: Float64Array) => readonly number[],
): Node {
  const groups = Array.from({ length: input.values.length / size }, (_, i) => input.values.slice(i * size, (i + 1) * size));
  const result: Node = node(groups.map(value), shape, [input], () => {
    groups.forEach((group, g) => weights(group).forEach((share, i) => (input.gradient[g * size + i]! += share * result.gradient[g]!)));
  });
  return result;
}
