import { describe, expect, test } from "vitest";
import type { Graph } from "#compiler/catalog/graph.js";
import { catalog } from "#compiler/catalog/index.js";
import { random } from "#compiler/random.js";
import { arrayGraph } from "../../../testing/array-graph.js";
import { differentiate, node } from "../../../testing/autodiff.js";
import { gradientsOf, reachable } from "./gradients.js";
import { type Extent, isWider, type Node, nodeTable, vectorOf } from "./node.js";
import { simplify } from "./simplify.js";
import { tracer } from "./trace.js";

const [samples, width] = [3, 4];

type Formula = <T>(on: Graph<T>, a: T, b: T) => T;

/** `a` is [3, 4]; `b` has the extent that is named. */
const formulas: readonly (readonly [name: string, extent: Extent, formula: Formula])[] = [
  ["add", "sample", (on, a, b) => on.add(a, b)],
  ["multiply features", "feature", (on, a, b) => on.multiply(a, b)],
  ["multiply by samples", "sample", (on, a, b) => on.square(on.multiply(on.multiply(a, b), b))],
  ["multiply by one number", "batch", (on, a, b) => on.multiply(on.scale(on.multiply(a, b), 3), on.multiply(a, b))],
  ["divide", "sample", (on, a, b) => on.divide(on.offset(a, 2), on.offset(on.square(b), 1))],
  ["divide numbers of samples", "sample", (on, a, b) => on.multiply(a, on.divide(on.literal(127), on.offset(on.square(b), 1)))],
  ["divide by features", "feature", (on, a, b) => on.divide(a, on.offset(on.square(b), 1))],
  ["magnitudes", "sample", (on, a, b) => on.abs(on.multiply(a, b))],
  ["square root", "batch", (on, a, b) => on.squareRoot(on.offset(on.square(on.multiply(a, b)), 0.5))],
  ["relu", "sample", (on, a, b) => on.relu(on.multiply(a, b))],
  ["clamp", "sample", (on, a, b) => on.clamp(on.multiply(a, b), -0.5, 0.5)],
  ["round", "sample", (on, a, b) => on.round(on.scale(on.multiply(a, b), 3))],
  ["floor and the power below", "feature", (on, a, b) => on.multiply(on.add(on.floor(on.scale(a, 3)), on.powerBelow(on.abs(a))), b)],
  ["straight through", "sample", (on, a, b) => on.straightThrough(on.floor(a), on.multiply(a, b))],
  ["constants", "sample", (on, a, b) => on.multiply(a, on.constant(on.multiply(on.featureMean(a), b)))],
  ["feature mean", "sample", (on, a, b) => on.square(on.featureMean(on.multiply(on.square(a), b)))],
  ["feature max", "sample", (on, a, b) => on.multiply(on.featureMax(on.multiply(a, b)), b)],
  ["largest magnitude", "sample", (on, a, b) => on.multiply(on.featureMax(on.abs(on.multiply(a, b))), a)],
  ["mean", "sample", (on, a, b) => on.multiply(on.square(a), on.mean(on.multiply(a, b)))],
  ...Object.values(catalog.norms).flatMap(({ name, divisor }) =>
    divisor === undefined
      ? []
      : [[`${name} norm`, "sample", ((on, a, b) => on.divide(on.multiply(a, b), divisor(on, on.multiply(a, b)))) as Formula] as const],
  ),
];

const sizes = { batch: [1, 1], sample: [samples, 1], feature: [samples, width] } as const satisfies Record<
  Extent,
  readonly [number, number]
>;

/** Computes a graph in doubles, one number at a time; leaves are named by their parameter. */
function evaluated(root: Node, leaves: Readonly<Record<string, readonly number[]>>): readonly number[] {
  const known = new Map<Node, readonly number[]>();
  const valuesOf = (of: Node): readonly number[] => {
    const [rows, columns] = sizes[of.extent];
    const values = known.get(of) ?? Array.from({ length: rows * columns }, (_, i) => valueAt(of, Math.floor(i / columns), i % columns));
    known.set(of, values);
    return values;
  };
  const at = (of: Node, row: number, column: number): number => {
    const [rows, columns] = sizes[of.extent];
    return valuesOf(of)[(rows === 1 ? 0 : row) * columns + (columns === 1 ? 0 : column)]!;
  };
  const valueAt = ({ op, inputs, parameters, extent }: Node, row: number, column: number): number => {
    const [x, y] = inputs.map((input) => at(input, row, column));
    const group = (): number[] =>
      op === "batchSum"
        ? Array.from({ length: samples }, (_, i) => at(inputs[0]!, i, 0))
        : Array.from({ length: width }, (_, i) => at(inputs[0]!, row, i));
    switch (op) {
      case "literal":
        return typeof parameters[0] === "number" ? parameters[0] : leaves[parameters[0]!]![row * sizes[extent][1] + column]!;
      case "share":
        return 1 / samples;
      case "add":
        return x! + y!;
      case "multiply":
        return x! * y!;
      case "divide":
        return x! / y!;
      case "reciprocal":
        return 1 / x!;
      case "offset":
        return x! + Number(parameters[0]);
      case "scale":
        return x! * Number(parameters[0]);
      case "abs":
        return Math.abs(x!);
      case "squareRoot":
        return Math.sqrt(x!);
      case "clamp":
        return Math.min(Number(parameters[1]), Math.max(Number(parameters[0]), x!));
      case "round":
        return arrayGraph.round(node([x!], [])).values[0]!;
      case "floor":
        return Math.floor(x!);
      case "powerBelow":
        return 2 ** Math.floor(Math.log2(x!));
      case "equal":
        return x === y ? 1 : 0;
      case "gate":
        return y! > 0 ? x! : 0;
      case "featureSum":
      case "batchSum":
        return group().reduce((sum, value) => sum + value, 0);
      case "featureMax":
        return Math.max(...group());
      default:
        throw new Error(`${op} is left after simplifying`);
    }
  };
  return valuesOf(root);
}

describe("on the graph, values and gradients are those of plain arrays:", () => {
  test.each(formulas)("%s", (name, extent, formula) => {
    const source = random("graph", name);
    const draw = ([rows, columns]: readonly [number, number]): number[] => Array.from({ length: rows * columns }, () => source.normal());
    const [a, b] = [draw(sizes.feature), draw(sizes[extent])];
    const [arrayA, arrayB] = [node(a, sizes.feature), node(b, extent === "batch" ? [] : sizes[extent])];
    const expected = formula(arrayGraph, arrayA, arrayB);

    const table = nodeTable();
    const on = tracer(table);
    const leaf = (label: string, of: Extent): Node => table.make("literal", [], [label], { extent: of, map: vectorOf(sizes[of][1]) });
    const [leafA, leafB] = [leaf("a", "feature"), leaf("b", extent)];
    const traced = formula(on, leafA, leafB);
    const dy = draw(sizes[traced.extent]);
    differentiate(expected, dy);
    const gradients = gradientsOf(on, new Map([[traced, leaf("dy", traced.extent)]]));
    const byLeaves = [leafA, leafB].map((of) => gradients.get(of) ?? on.literal(0));
    const [value, byA, byB] = simplify(table, [traced, ...byLeaves]).map((root) => evaluated(root, { a, b, dy }));

    expectClose(value!, expected.values);
    expectClose(byA!, arrayA.gradient);
    expectClose(byB!, arrayB.gradient);
  });
});

function expectClose(actual: readonly number[], expected: ArrayLike<number>): void {
  // Nothing is as good as zeros.
  const all = actual.length === 1 && actual[0] === 0 ? Array.from(expected, () => 0) : actual;
  expect(all.length).toBe(expected.length);
  all.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 9));
}

test("simplifying leaves one factor for each feature of a sample", () => {
  const table = nodeTable();
  const on = tracer(table);
  const sums = on.samples(vectorOf(64));
  const scale = on.multiply(on.importance(), on.weightScale("dense1"));
  const real = on.multiply(sums, scale);
  const divisor = catalog.norms["rms"]!.divisor!(on, real);
  const [scaled] = simplify(table, [on.scale(on.divide(on.multiply(real, on.share()), on.constant(divisor)), 3)]);
  expect(scaled!.op).toBe("multiply");
  expect(scaled!.inputs[0]).toBe(sums);
  const perFeature = reachable(scaled!.inputs[1]!).filter(({ extent }) => isWider(extent, "sample"));
  expect(perFeature).toEqual([table.make("multiply", [sums, sums]), sums]);
});
