import { isWider, type Node, type NodeTable } from "./node.js";

/**
 * Rebuilds nodes so that as little as possible is done for each feature: factors that all features of a sample share
 * are factored out of products, magnitudes and sums; paths that only gradients took are removed.
 */
export function simplify(table: NodeTable, roots: readonly Node[]): readonly Node[] {
  const done = new Map<Node, Node>();
  const visit = (node: Node): Node => {
    const found = done.get(node) ?? rebuilt(table, node, node.op === "straightThrough" ? [visit(node.inputs[0]!)] : node.inputs.map(visit));
    done.set(node, found);
    return found;
  };
  return roots.map(visit);
}

function rebuilt(table: NodeTable, { op, parameters, extent, map, windows }: Node, inputs: readonly Node[]): Node {
  const [first, second] = inputs;
  switch (op) {
    case "constant":
    case "straightThrough":
      return first!;
    case "multiply":
      return multiplied(table, first!, second!);
    case "divide":
      // One division for all features of a sample.
      return first!.extent === "feature" && isWider(first!.extent, second!.extent)
        ? multiplied(table, first!, table.make("reciprocal", [second!]))
        : table.make(op, inputs);
    case "scale":
      return scaled(table, first!, Number(parameters[0]));
    case "featureSum":
      return outside(table, first!, (inner) => table.make(op, [inner], [], { extent, map }));
    case "gate":
      return outside(table, first!, (inner) => table.make(op, [inner, second!]));
    case "abs": {
      const magnitude = (value: Node): Node => table.make("abs", [value]);
      const factored = factorOf(first!);
      return factored === undefined ? magnitude(first!) : multiplied(table, magnitude(factored.rest), magnitude(factored.factor));
    }
    case "featureMax": {
      const largest = (value: Node): Node => table.make(op, [value], [], { extent, map });
      // Only a factor that is not negative leaves the order as it is.
      return factorOf(first!)?.factor.op === "abs" ? outside(table, first!, largest) : largest(first!);
    }
    default:
      return table.make(op, inputs, parameters, { extent, map, ...(windows && { windows }) });
  }
}

interface Factored {
  readonly rest: Node;
  /** Of a smaller extent. */
  readonly factor: Node;
}

const factorOf = ({ op, inputs: [rest, factor], extent }: Node): Factored | undefined =>
  op === "multiply" && isWider(extent, factor!.extent) ? { rest: rest!, factor: factor! } : undefined;

/** Applies something linear to what is left of `node` without its factor. */
function outside(table: NodeTable, node: Node, apply: (inner: Node) => Node): Node {
  const factored = factorOf(node);
  if (factored !== undefined) return multiplied(table, apply(factored.rest), factored.factor);
  return node.op === "scale" ? scaled(table, apply(node.inputs[0]!), Number(node.parameters[0])) : apply(node);
}

const isOne = ({ op, parameters }: Node): boolean => op === "literal" && parameters[0] === 1;

function multiplied(table: NodeTable, one: Node, other: Node): Node {
  const [wide, narrow] = isWider(other.extent, one.extent) ? [other, one] : [one, other];
  if (isOne(narrow)) return wide;
  if (isOne(wide) && wide.extent === narrow.extent) return narrow;
  if (isWider(wide.extent, narrow.extent)) {
    const factored = factorOf(wide);
    if (factored !== undefined) return multiplied(table, factored.rest, multiplied(table, factored.factor, narrow));
    if (wide.op === "scale") return multiplied(table, wide.inputs[0]!, scaled(table, narrow, Number(wide.parameters[0])));
    return table.make("multiply", [wide, narrow]);
  }
  for (const [left, right] of [
    [wide, narrow],
    [narrow, wide],
  ] as const) {
    const factored = factorOf(left);
    if (factored !== undefined) return multiplied(table, multiplied(table, factored.rest, right), factored.factor);
    if (left.op === "scale") return scaled(table, multiplied(table, left.inputs[0]!, right), Number(left.parameters[0]));
  }
  return table.make("multiply", [wide, narrow]);
}

function scaled(table: NodeTable, node: Node, factor: number): Node {
  if (factor === 1) return node;
  if (node.op === "scale") return scaled(table, node.inputs[0]!, factor * Number(node.parameters[0]));
  const factored = factorOf(node);
  return factored === undefined
    ? table.make("scale", [node], [factor])
    : multiplied(table, factored.rest, scaled(table, factored.factor, factor));
}
