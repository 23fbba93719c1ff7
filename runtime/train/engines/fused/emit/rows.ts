import { isProduct, isReduction, isWider, type Node } from "../graph/node.js";
import type { Frame, Layout, Rows } from "../layout.js";
import { type RowsStage, type Schedule } from "../schedule.js";
import { type Body, type Variable, type WasmFunction, wasmFunction } from "../wasm/function.js";
import { f32, f32x4, i16x8, i32, type I32, i32x4, type V128, v128 } from "../wasm/instructions.js";
import { elementwise } from "./elementwise.js";
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
  return wasmFunction(["i32", "i32"], (body, frame, rows) => {
    const emitter = rowsEmitter(body, frame, layout, (node) => isReduction(node) && levelOf(node) < stage.level);
    const sums = stage.reductions.filter(({ op }) => op === "batchSum").map((node) => ({ node, sum: body.let(f32x4.const(0)) }));
    emitter.prepareBatch([...stage.stores, ...stage.reductions.map(({ inputs }) => inputs[0]!)]);
    body.loop(rows, together, (row) => {
      emitter.enterBlock(row);
      for (const pass of passesOf(stage, emitter.isStored)) emitter.emitPass(pass);
      for (const node of [...stage.stores, ...stage.reductions]) if (node.extent === "sample") emitter.storeColumn(node);
      for (const { node, sum } of sums) body.set(sum, f32x4.add(sum, emitter.sampleValue(node.inputs[0]!)));
    });
    for (const { node, sum } of sums) {
      const lanes = [0, 1, 2, 3].map((i) => f32x4.extract_lane(sum, i));
      body.do(f32.store(frame, lanes.reduce((sum, part) => f32.add(sum, part)), layout.frame.parts.get(node)!));
    }
  });
}

/** One loop over features: the reductions and stores of one depth that have the same width. */
interface Pass {
  readonly width: number;
  readonly reductions: readonly Node[];
  readonly stores: readonly Node[];
}

/** By depth: how many reductions, one after the other, must be known before. */
function passesOf({ stores, reductions }: RowsStage, isStored: (node: Node) => boolean): readonly Pass[] {
  const known = new Map<Node, number>();
  const depthOf = (node: Node): number => {
    if (isStored(node) || isProduct(node)) return 0;
    const depth = known.get(node) ?? Math.max(0, ...node.inputs.map(depthOf)) + (isReduction(node) ? 1 : 0);
    known.set(node, depth);
    return depth;
  };
  const passes = new Map<string, { depth: number; width: number; reductions: Node[]; stores: Node[] }>();
  const passAt = (depth: number, width: number) => {
    const key = `${depth}:${width}`;
    const pass = passes.get(key) ?? { depth, width, reductions: [], stores: [] };
    passes.set(key, pass);
    return pass;
  };
  for (const node of reductions) if (node.inputs[0]!.extent === "feature") passAt(depthOf(node.inputs[0]!), node.inputs[0]!.width).reductions.push(node);
  for (const node of stores) if (node.extent === "feature") passAt(depthOf(node), node.width).stores.push(node);
  return [...passes.values()].sort((one, other) => one.depth - other.depth);
}

interface RowsEmitter {
  /** Whether a reduction is read from memory: an earlier stage computed it. */
  isStored(node: Node): boolean;
  prepareBatch(roots: readonly Node[]): void;
  enterBlock(row: I32): void;
  emitPass(pass: Pass): void;
  storeColumn(node: Node): void;
  /** A number of each of the four samples. */
  sampleValue(node: Node): V128;
}

function rowsEmitter(body: Body, frame: I32, layout: Layout, isStored: (node: Node) => boolean): RowsEmitter {
  const places = layout.frame;
  const batchValues = new Map<Node, V128>();
  let sampleValues = new Map<Node, V128>();
  let block: Block;

  const batchValue = (node: Node): V128 => remembered(batchValues, node, () => body.let(batchCode(node)));
  const batchCode = (node: Node): V128 => {
    if (node.op === "literal") return f32x4.const(Number(node.parameters[0]));
    if (node.op === "unit") return v128.load32_splat(i32.const(0), layout.layers.get(String(node.parameters[0]))!.unit);
    if (node.op === "batchSum") return v128.load32_splat(i32.const(0), layout.totals.get(node)!);
    return computed(node, batchValue);
  };

  const sampleValue = (node: Node): V128 =>
    node.extent === "batch" ? batchValue(node) : remembered(sampleValues, node, () => body.let(sampleCode(node)));
  const sampleCode = (node: Node): V128 => {
    if (node.op === "literal") return f32x4.const(Number(node.parameters[0]));
    const column = isReduction(node) || node.inputs.length === 0 ? (places.columns.get(node) ?? places.columns.get(node.op)) : undefined;
    return column === undefined ? computed(node, sampleValue) : v128.load(block.column, column);
  };

  const computed = (node: Node, valueOf: (input: Node) => V128): V128 => {
    const emit = elementwise[node.op as keyof typeof elementwise];
    return emit(node.inputs.map(valueOf), node.parameters, body);
  };

  return {
    isStored,
    prepareBatch: (roots) => narrowOperands(roots, isStored).filter(({ extent }) => extent === "batch").forEach(batchValue),
    enterBlock: (row) => {
      sampleValues = new Map();
      block = blockAt(body, frame, places, row);
    },
    emitPass: (pass) => {
      const narrow = narrowOperands([...pass.reductions.map(({ inputs }) => inputs[0]!), ...pass.stores], isStored);
      const lanes = new Map(narrow.map((node) => [node, splats(body, node, sampleValue(node))]));
      const sums = pass.reductions.map((node) => ({ node, parts: four(() => body.let(f32x4.const(foldOf(node).start))) }));
      const emitVector = (position: I32, lastLanes: number): void => {
        for (let sample = 0; sample < together; sample++) {
          const values = new Map<Node, V128>();
          const featureValue = (node: Node): V128 => {
            const narrower = lanes.get(node);
            if (narrower !== undefined) return narrower[sample]!;
            return remembered(values, node, () => body.let(block.load(node, sample, position) ?? computed(node, featureValue)));
          };
          for (const { node, parts } of sums) {
            const { start, combine } = foldOf(node);
            const value = featureValue(node.inputs[0]!);
            const masked = lastLanes === 4 ? value : v128.bitselect(value, f32x4.const(start), firstLanes(lastLanes));
            body.set(parts[sample]!, combine(parts[sample]!, masked));
          }
          for (const node of pass.stores) block.store(node, sample, position, lastLanes === 4 ? featureValue(node) : v128.and(featureValue(node), firstLanes(lastLanes)));
        }
      };
      const whole = Math.floor(pass.width / 4) * vector;
      body.loop(whole, vector, (position) => emitVector(position, 4));
      if (pass.width % 4 !== 0) emitVector(i32.const(whole), pass.width % 4);
      for (const { node, parts } of sums) sampleValues.set(node, body.let(folded(body, parts, foldOf(node).combine)));
    },
    storeColumn: (node) => {
      const column = places.columns.get(node);
      if (column !== undefined) body.do(v128.store(block.column, sampleValue(node), column));
    },
    sampleValue,
  };
}

const four = <T>(make: (i: number) => T): readonly [T, T, T, T] => [make(0), make(1), make(2), make(3)];

function remembered(known: Map<Node, V128>, node: Node, make: () => V128): V128 {
  const value = known.get(node) ?? make();
  known.set(node, value);
  return value;
}

/** The same number in all lanes, for each of the four samples; one for all when they have it in common. */
const splats = (body: Body, { extent }: Node, value: V128): readonly V128[] =>
  four((sample) => (extent === "batch" ? value : body.let(lane(value, sample))));

/** What feature values are computed from that is no feature value itself. */
function narrowOperands(roots: readonly Node[], isStored: (node: Node) => boolean): readonly Node[] {
  const found = new Set<Node>();
  const seen = new Set<Node>();
  const visit = (node: Node): void => {
    if (seen.has(node)) return;
    seen.add(node);
    if (isWider("feature", node.extent)) found.add(node);
    if (node.extent === "feature" && !isProduct(node)) node.inputs.forEach(visit);
    else if (node.extent === "sample" && !isStored(node)) node.inputs.forEach(visit);
  };
  roots.forEach(visit);
  return [...found];
}

/** Where the matrices of four samples are. */
interface Block {
  /** The address of their entry in a column that starts at 0. */
  readonly column: I32;
  /** Undefined when the node is not in memory. `position` counts the bytes of float32 features. */
  load(node: Node, sample: number, position: I32): V128 | undefined;
  store(node: Node, sample: number, position: I32, value: V128): void;
}

function blockAt(body: Body, frame: I32, { samples, floats, integers }: Frame, row: I32): Block {
  const bases = new Map<Rows, Variable<"i32">>();
  // Emitted before the loops: the address of the first of the four rows.
  const baseOf = (rows: Rows): I32 => bases.get(rows)!;
  for (const rows of [samples, ...floats.values(), ...integers.values()]) {
    bases.set(rows, body.let(i32.add(frame, i32.mul(row, i32.const(rows.stride)))));
  }
  const at = (rows: Rows, position: I32, narrowing: number): I32 => i32.add(baseOf(rows), narrowing === 0 ? position : i32.shr_u(position, i32.const(narrowing)));
  const offset = (rows: Rows, sample: number): number => rows.offset + sample * rows.stride;
  return {
    column: body.let(i32.add(frame, i32.shl(row, i32.const(2)))),
    load: (node, sample, position) => {
      if (node.op === "samples") {
        const bytes = v128.load32_zero(at(samples, position, 2), offset(samples, sample));
        return f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(bytes)));
      }
      if (node.op === "index") return f32x4.add(f32x4.const(0, 1, 2, 3), f32x4.convert_i32x4_s(i32x4.splat(i32.shr_u(position, i32.const(2)))));
      if (node.op === "literal") return f32x4.const(Number(node.parameters[0]));
      const rows = isProduct(node) ? floats.get(node) : undefined;
      return rows && v128.load(at(rows, position, 0), offset(rows, sample));
    },
    store: (node, sample, position, value) => {
      const [wide, narrow] = [floats.get(node), integers.get(node)];
      const held = body.let(value);
      if (wide !== undefined) body.do(v128.store(at(wide, position, 0), held, offset(wide, sample)));
      if (narrow === undefined) return;
      const words = i32x4.trunc_sat_f32x4_s(held);
      body.do(v128.store64_lane(at(narrow, position, 1), i16x8.narrow_i32x4_s(words, words), offset(narrow, sample), 0));
    },
  };
}
