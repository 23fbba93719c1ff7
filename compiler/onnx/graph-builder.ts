import type { IntegerGraph } from "../catalog/integer-graph.js";
import type { ElementType, Initializer, Node } from "./proto.js";
import { elementTypes } from "./proto.js";

/** A value of the graph by its name. */
export type Value = string;

/** The operations of layers as nodes of ONNX, collected on the way. */
export interface GraphBuilder {
  readonly nodes: readonly Node[];
  readonly initializers: readonly Initializer[];
  readonly graph: IntegerGraph<Value>;
  /** Levels as `matmul` takes them, stored [inputs, units]; small ones as bytes that become int32 in the graph. */
  weights(name: string, rows: number, levels: Int32Array): Value;
  cast(input: Value, to: ElementType): Value;
  /** The index of the first largest, [batch]. */
  argumentOfLargest(input: Value): Value;
  /** Nodes from now on are named after this layer. */
  begin(layer: string): void;
  /** Gives the last node of a layer the layer's own name, if it has one. */
  name(value: Value, name: string): Value;
}

/**
 * Sums are products of int32, which every runtime adds exactly. MatMulInteger would take the bytes as they are, but
 * saturates in between on processors without dot products of bytes.
 */
export function graphBuilder(): GraphBuilder {
  const nodes: Node[] = [];
  const initializers: Initializer[] = [];
  let layer = "";
  const counts = new Map<string, number>();
  const fresh = (what: string): string => {
    const wanted = layer === "" ? what : `${layer}/${what}`;
    const count = (counts.get(wanted) ?? 0) + 1;
    counts.set(wanted, count);
    return count === 1 ? wanted : `${wanted}${count}`;
  };
  const node = (operation: string, inputs: readonly Value[], attributes: Node["attributes"] = {}): Value => {
    const output = fresh(operation);
    nodes.push({ operation, name: output, inputs, output, attributes });
    return output;
  };
  const constant = (name: string, shape: readonly number[], values: ArrayLike<number>, element: ElementType = "i32"): Value => {
    initializers.push({ name, element, shape, values });
    return name;
  };
  const given = (what: string, shape: readonly number[], values: readonly number[], element?: ElementType): Value => constant(fresh(what), shape, values, element);
  const cast = (input: Value, to: ElementType): Value => node("Cast", [input], { to: elementTypes[to] });

  const graph: IntegerGraph<Value> = {
    matmul: (input, weights) => node("MatMul", [input, weights]),
    add: (left, right) => node("Add", [left, right]),
    divide: (input, divisor) => node("Div", [input, divisor]),
    atLeast: (input, low) => node("Max", [input, given("low", [], [low])]),
    atMost: (input, high) => node("Min", [input, given("high", [], [high])]),
    largest: (input) => node("ReduceMax", [input], { axes: [1], keepdims: 1 }),
    countReached: (input, thresholds) => {
      const reached = node("GreaterOrEqual", [input, given("thresholds", [1, thresholds.length], thresholds)]);
      return node("ReduceSum", [cast(reached, "i32"), given("axes", [1], [1], "i64")], { keepdims: 1 });
    },
    lookUp: (table, index) => node("Gather", [given("table", [table.length], table), index], { axis: 0 }),
  };

  return {
    nodes,
    initializers,
    graph,
    weights: (name, rows, levels) => {
      const columns = levels.length / rows;
      const transposed = levels.map((_, i) => levels[(i % rows) * columns + Math.floor(i / rows)]!);
      if (levels.some((level) => level < -128 || level > 127)) return constant(name, [columns, rows], transposed);
      return cast(constant(name, [columns, rows], transposed, "i8"), "i32");
    },
    cast,
    argumentOfLargest: (input) => node("ArgMax", [input], { axis: 1, keepdims: 0 }),
    begin: (name) => void (layer = name),
    name: (value, name) => {
      const last = nodes.at(-1);
      if (last?.output !== value) return value;
      nodes[nodes.length - 1] = { ...last, name, output: name };
      return name;
    },
  };
}
