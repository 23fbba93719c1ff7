import { isWider, type Node, type Operation, type Size, type Windows } from "./node.js";
import type { Tracer } from "./trace.js";

/** For each input of `node`, the gradient by it, given that by the node; undefined where there is none. */
type Rule = (on: Tracer, node: Node, gradient: Node) => readonly (Node | undefined)[];

const minus = (on: Tracer, left: Node, right: Node): Node => on.add(left, on.scale(right, -1));
const none: Rule = () => [];

const rules: Readonly<Record<Operation, Rule>> = {
  samples: none,
  target: none,
  share: none,
  importance: none,
  levels: none,
  weightScale: none,
  rangeFactor: none,
  bias: none,
  // Found from those by the levels: see mask-learning.ts.
  mask: none,
  literal: none,
  index: none,
  constant: none,
  floor: none,
  powerBelow: none,
  equal: none,
  add: (_on, _node, gradient) => [gradient, gradient],
  multiply: (on, { inputs: [left, right] }, gradient) => [on.multiply(gradient, right!), on.multiply(gradient, left!)],
  divide: (on, node, gradient) => {
    const byLeft = on.divide(gradient, node.inputs[1]!);
    return [byLeft, on.scale(on.multiply(byLeft, node), -1)];
  },
  reciprocal: (on, node, gradient) => [on.scale(on.multiply(gradient, on.square(node)), -1)],
  offset: (_on, _node, gradient) => [gradient],
  scale: (on, { parameters: [factor] }, gradient) => [on.scale(gradient, Number(factor))],
  abs: (on, { inputs: [input] }, gradient) => [minus(on, on.gate(gradient, input!), on.gate(gradient, on.scale(input!, -1)))],
  squareRoot: (on, node, gradient) => [on.scale(on.divide(gradient, node), 0.5)],
  clamp: (on, { inputs: [input], parameters: [low, high] }, gradient) => [
    on.gate(on.gate(gradient, on.offset(input!, -Number(low))), on.offset(on.scale(input!, -1), Number(high))),
  ],
  round: (_on, _node, gradient) => [gradient],
  straightThrough: (_on, _node, gradient) => [undefined, gradient],
  exp: (on, node, gradient) => [on.multiply(gradient, node)],
  gate: (on, { inputs: [, condition] }, gradient) => [on.gate(gradient, condition!), undefined],
  featureSum: (on, { inputs: [input] }, gradient) => [spread(on, gradient, input!)],
  batchSum: (on, { inputs: [input] }, gradient) => [spread(on, gradient, input!)],
  // Shared by all features that are the largest.
  featureMax: (on, node, gradient) => {
    const largest = on.equal(node.inputs[0]!, node);
    return [on.multiply(on.multiply(largest, gradient), on.divide(on.literal(1), on.featureSum(largest)))];
  },
  product: (on, { inputs: [input, levels] }, gradient) => [
    on.table.make("inputGradient", [gradient, levels!], [], input!),
    on.table.make("weightGradient", [gradient, input!], levels!.parameters, levels!),
  ],
  inputGradient: none,
  weightGradient: none,
  convolve: (on, { inputs: [input, levels], windows }, gradient) => [
    on.table.make("convolveGradient", [gradient, levels!], [], sized(input!, windows)),
    on.table.make("kernelGradient", [gradient, input!], levels!.parameters, sized(levels!, windows)),
  ],
  maxPool: (on, node, gradient) => [
    on.table.make("maxPoolGradient", [node.inputs[0]!, node, gradient], [], sized(node.inputs[0]!, node.windows)),
  ],
  sumPool: (on, { inputs: [input], windows }, gradient) => [on.table.make("sumPoolGradient", [gradient], [], sized(input!, windows))],
  toVector: (on, { inputs: [input] }, gradient) => [on.table.make("fromVector", [gradient], [], sized(input!))],
  convolveGradient: none,
  kernelGradient: none,
  maxPoolGradient: none,
  sumPoolGradient: none,
  fromVector: none,
};

const sized = ({ extent, map }: Node, windows?: Windows): Size => ({ extent, map, ...(windows && { windows }) });

/** One gradient for many values: each gets it whole. */
const spread = (on: Tracer, gradient: Node, { extent, map }: Node): Node =>
  gradient.extent === extent ? gradient : on.multiply(on.table.make("literal", [], [1], { extent, map }), gradient);

/** Summed over what `node` has only one value for. */
function collected(on: Tracer, gradient: Node, node: Node): Node {
  if (!isWider(gradient.extent, node.extent)) return gradient;
  return collected(on, gradient.extent === "feature" ? on.featureSum(gradient) : on.batchSum(gradient), node);
}

/** The gradients of a loss by everything that some results are computed from, given those by the results. */
export function gradientsOf(on: Tracer, results: ReadonlyMap<Node, Node>): ReadonlyMap<Node, Node> {
  const gradients = new Map(results);
  for (const node of reachable(...results.keys()).sort((one, other) => other.id - one.id)) {
    const given = gradients.get(node);
    if (given === undefined) continue;
    const rule = rules[node.op](on, node, given);
    node.inputs.forEach((input, i) => {
      const part = rule[i];
      if (part === undefined) return;
      const before = gradients.get(input);
      const whole = input.op === "levels" ? part : collected(on, part, input);
      gradients.set(input, before === undefined ? whole : on.add(before, whole));
    });
  }
  return gradients;
}

/** All nodes that some nodes are computed from, these included. */
export function reachable(...roots: readonly Node[]): Node[] {
  const found = new Set<Node>();
  const visit = (node: Node): void => {
    if (found.has(node)) return;
    found.add(node);
    node.inputs.forEach(visit);
  };
  roots.forEach(visit);
  return [...found];
}
