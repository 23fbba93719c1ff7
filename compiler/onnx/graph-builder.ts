import type { ElementType, Initializer, Node } from "./proto.js";
import { elementTypes } from "./proto.js";

/** A value of the graph by its name. */
export type Value = string;

/** The operations of layers as nodes of ONNX, collected on the way. */
export interface GraphBuilder {
  readonly nodes: readonly Node[];
  readonly initializers: readonly Initializer[];
  node(operation: string, inputs: readonly Value[], attributes?: Node["attributes"]): Value;
  /** The levels of the layer; small ones are stored as bytes that become int32 in the graph. */
  weights(shape: readonly number[], levels: Int32Array): Value;
  /** A constant that an operation of the layer needs beside its inputs. */
  given(what: string, shape: readonly number[], values: readonly number[], element?: ElementType): Value;
  cast(input: Value, to: ElementType): Value;
  /** The index of the first largest, [batch]. */
  argumentOfLargest(input: Value): Value;
  /** Nodes from now on are named after this layer. */
  begin(layer: string): void;
  /** Gives the last node of a layer the layer's own name, if it has one. */
  name(value: Value, name: string): Value;
}

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
  const given = (what: string, shape: readonly number[], values: readonly number[], element?: ElementType): Value =>
    constant(fresh(what), shape, values, element);
  const cast = (input: Value, to: ElementType): Value => node("Cast", [input], { to: elementTypes[to] });
  const weights = (shape: readonly number[], levels: Int32Array): Value => {
    const isWide = levels.some((level) => level < -128 || level > 127);
    const stored = constant(`${layer}.weight`, shape, levels, isWide ? "i32" : "i8");
    return isWide ? stored : cast(stored, "i32");
  };

  return {
    nodes,
    initializers,
    node,
    weights,
    given,
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
