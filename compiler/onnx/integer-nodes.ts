import type { IntegerGraph } from "../catalog/integer-graph.js";
import { convolutionWindows, type Windows } from "../catalog/shapes/windows.js";
import type { GraphBuilder, Value } from "./graph-builder.js";

/**
 * What layers do as nodes of ONNX. Sums are products of int32, which every runtime adds exactly. MatMulInteger would take the
 * bytes as they are, but saturates in between on processors without dot products of bytes.
 */
export function integerNodes({ node, weights, given, cast }: GraphBuilder): IntegerGraph<Value> {
  /** Each sample in another shape, one extent of which may be -1. */
  const reshape = (input: Value, ...shape: readonly number[]): Value =>
    node("Reshape", [input, given("shape", [1 + shape.length], [0, ...shape], "i64")]);
  /** [batch, channels, taps, windows]; edges are places after the last of a channel. */
  const windowed = (input: Value, { area, taps, count, places }: Windows): Value => {
    const channels = reshape(input, -1, area);
    const edged = places.includes(-1)
      ? node("Pad", [channels, given("pads", [6], [0, 0, 0, 0, 0, 1], "i64"), given("zero", [], [0])])
      : channels;
    return node(
      "Gather",
      [
        edged,
        given(
          "places",
          [taps, count],
          places.map((place) => (place < 0 ? area : place)),
        ),
      ],
      { axis: 2 },
    );
  };

  return {
    matmul: (input, levels, units) => {
      const inputs = levels.length / units;
      const transposed = levels.map((_, i) => levels[(i % units) * inputs + Math.floor(i / units)]!);
      return node("MatMul", [input, weights([inputs, units], transposed)]);
    },
    convolve: (input, levels, geometry) => {
      const windows = convolutionWindows(geometry);
      const groups = geometry.input.channels / geometry.depth;
      const columns = geometry.depth * windows.taps;
      const seen = reshape(windowed(input, windows), groups, columns, windows.count);
      return reshape(node("MatMul", [weights([groups, geometry.share, columns], levels), seen]), -1);
    },
    largestOfWindows: (input, windows) => reshape(node("ReduceMax", [windowed(input, windows)], { axes: [2], keepdims: 0 }), -1),
    sumsOfWindows: (input, windows) =>
      reshape(node("ReduceSum", [windowed(input, windows), given("axes", [1], [2], "i64")], { keepdims: 0 }), -1),
    add: (left, right) => node("Add", [left, right]),
    offset: (input, constant) => node("Add", [input, given("offset", [], [constant])]),
    addBias: (input, bias) => {
      const channels = bias.length;
      return reshape(node("Add", [reshape(input, channels, -1), given("bias", [channels, 1], [...bias])]), -1);
    },
    divide: (input, divisor) => node("Div", [input, divisor]),
    // A division of ONNX cuts off towards zero; a remainder has the sign of the divisor.
    divideDown: (input, divisor) => {
      const by = given("divisor", [], [divisor]);
      return node("Div", [node("Sub", [input, node("Mod", [input, by])]), by]);
    },
    atLeast: (input, low) => node("Max", [input, given("low", [], [low])]),
    atMost: (input, high) => node("Min", [input, given("high", [], [high])]),
    largest: (input) => node("ReduceMax", [input], { axes: [1], keepdims: 1 }),
    countReached: (input, thresholds) => {
      const reached = node("GreaterOrEqual", [input, given("thresholds", [1, thresholds.length], thresholds)]);
      return node("ReduceSum", [cast(reached, "i32"), given("axes", [1], [1], "i64")], { keepdims: 1 });
    },
    lookUp: (table, index) => node("Gather", [given("table", [table.length], table), index], { axis: 0 }),
  };
}
