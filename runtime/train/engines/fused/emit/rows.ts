import { areaOf } from "#compiler/catalog/shapes/feature-map.js";
import { type Body, type Variable, type WasmFunction, wasmFunction } from "#compiler/wasm/function.js";
import { f32, f32x4, i32, type I32, type V128, v128 } from "#compiler/wasm/instructions.js";
import { isReduction, type Node } from "../graph/node.js";
import type { Layout } from "../layout.js";
import type { RowsStage, Schedule } from "../schedule.js";
import { narrowOperands, type Pass, passesOf } from "./passes.js";
import { rowValues, type Values } from "./values.js";
import { firstLanes, folded, lane } from "./vectors.js";

/** Samples that are worked on together: one vector holds a number of each. */
const together = 4;
/** Bytes of a vector. */
const vector = 16;

/** What a reduction starts from, and how it goes on. */
const folds = {
  featureSum: { start: 0, combine: f32x4.add },
  batchSum: { start: 0, combine: f32x4.add },
  featureMax: { start: -Infinity, combine: f32x4.pmax },
} as const;

const foldOf = ({ op }: Node): (typeof folds)[keyof typeof folds] => folds[op as keyof typeof folds];

/**
 * A function (frame, rows) that does all that one stage does within samples: for each four of them, one loop over
 * their features for every depth of reductions.
 */
export function rowsFunction(stage: RowsStage, layout: Layout, { levelOf }: Schedule): WasmFunction {
  const isStored = (node: Node): boolean => isReduction(node) && levelOf(node) < stage.level;
  const roots = [...stage.stores, ...stage.reductions.map(({ inputs }) => inputs[0]!)];
  return wasmFunction(["i32", "i32"], (body, frame, rows) => {
    const values = rowValues(body, frame, layout);
    const batchSums = stage.reductions.filter(({ op }) => op === "batchSum").map((node) => ({ node, sum: body.let(f32x4.const(0)) }));
    for (const node of narrowOperands(roots, isStored)) if (node.extent === "batch") values.ofBatch(node);
    body.loop(rows, together, (row) => {
      values.enterBlock(row);
      for (const pass of passesOf(stage, isStored)) emitPass(body, values, pass, isStored);
      for (const node of [...stage.stores, ...stage.reductions]) storeColumn(body, values, node, layout);
      for (const { node, sum } of batchSums) body.set(sum, f32x4.add(sum, values.ofSamples(node.inputs[0]!)));
    });
    for (const { node, sum } of batchSums) {
      const lanes = [0, 1, 2, 3].map((i) => f32x4.extract_lane(sum, i));
      body.do(
        f32.store(
          frame,
          lanes.reduce((left, right) => f32.add(left, right)),
          layout.frame.parts.get(node)!,
        ),
      );
    }
  });
}

/** The loop of a pass, with its last, shorter vectors after it: one for each place of a map. */
function emitPass(body: Body, values: Values, pass: Pass, isStored: (node: Node) => boolean): void {
  const narrow = narrowOperands([...pass.reductions.map(({ inputs }) => inputs[0]!), ...pass.stores], isStored);
  const lanes = new Map(narrow.map((node) => [node, splats(body, node, values.ofSamples(node))]));
  const sums = pass.reductions.map((node) => ({ node, parts: four(() => body.let(f32x4.const(foldOf(node).start))) }));
  const emitVector = (position: I32, filled: number): void => {
    for (let sample = 0; sample < together; sample++) {
      const valueOf = values.ofFeatures(sample, position, lanes);
      for (const { node, parts } of sums) emitFold(body, node, parts[sample]!, valueOf(node.inputs[0]!), filled);
      for (const node of pass.stores) {
        const value = valueOf(node);
        values.block.store(node, sample, position, filled === 4 ? value : v128.and(value, firstLanes(filled)));
      }
    }
  };
  const places = areaOf(pass.map);
  const { channels } = pass.map;
  const whole = Math.floor(channels / 4) * places * vector;
  body.loop(whole, vector, (position) => emitVector(position, 4));
  if (channels % 4 !== 0)
    body.loop(places * vector, vector, (position) => emitVector(body.let(i32.add(position, i32.const(whole))), channels % 4));
  for (const { node, parts } of sums) values.reduced(node, body.let(folded(body, parts, foldOf(node).combine)));
}

/** Adds four features to a reduction, of which so many are there. */
function emitFold(body: Body, node: Node, part: Variable<"v128">, value: V128, filled: number): void {
  const { start, combine } = foldOf(node);
  body.set(part, combine(part, filled === 4 ? value : v128.bitselect(value, f32x4.const(start), firstLanes(filled))));
}

function storeColumn(body: Body, values: Values, node: Node, { frame }: Layout): void {
  const column = node.extent === "sample" ? frame.columns.get(node) : undefined;
  if (column !== undefined) body.do(v128.store(values.block.column, values.ofSamples(node), column));
}

const four = <T>(make: (i: number) => T): readonly [T, T, T, T] => [make(0), make(1), make(2), make(3)];

/** The same number in all lanes, for each of the four samples; one for all when they have it in common. */
const splats = (body: Body, { extent }: Node, value: V128): readonly V128[] =>
  four((sample) => (extent === "batch" ? value : body.let(lane(value, sample))));
