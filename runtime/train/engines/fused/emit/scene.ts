import { areaOf } from "#compiler/catalog/shapes/feature-map.js";
import type { Body } from "#compiler/wasm/function.js";
import { f32x4, i16x8, i32, type I32, i32x4, type V128, v128 } from "#compiler/wasm/instructions.js";
import { isProduct, isReduction, isSliding, type Node } from "../graph/node.js";
import type { Layout } from "../layout.js";
import { channelValuesOf, scalarOf } from "../constants.js";
import type { PlanesStage, ScratchPlane } from "../planes.js";
import { operandsOf } from "../schedule.js";
import { elementwise } from "./elementwise.js";
import { narrowOperands } from "./passes.js";
import { lanes, loadAt, offsetOf, type Place, type Plane } from "./places.js";
import { firstLanes } from "./vectors.js";

/** Four channels of one sample, while a planes function is written. */
export interface Scene {
  readonly body: Body;
  readonly frame: I32;
  readonly block: I32;
  readonly layout: Layout;
  readonly stage: PlanesStage;
  /** The address of the sample's row in matrices of this stride. */
  rowOf(stride: number): I32;
  /** Zeros in the lanes where there are no channels. */
  masked(value: V128): V128;
  /** Values at a place; what one call of this gives is computed once. `known` is already. */
  at(place: Place, known?: ReadonlyMap<Node, V128>): (node: Node) => V128;
  /** Says what a node of the stage is at a place: it goes wherever it is needed, by itself or in what is made of it. */
  give(node: Node, place: Place, value: V128): void;
  /** What belongs into a plane of which nothing is made in this stage. */
  fill(plane: ScratchPlane, place: Place): V128;
  store(plane: ScratchPlane, place: Place, value: V128): void;
}

/** The numbers that all features of a sample share, as vectors. */
export function sampleValues(body: Body, frame: I32, row: I32, layout: Layout): (node: Node) => V128 {
  const { frame: places } = layout;
  const column = body.let(i32.add(frame, i32.shl(row, i32.const(2))));
  const known = new Map<Node, V128>();
  const valueOf = (node: Node): V128 => {
    const value = known.get(node) ?? body.let(made(node));
    known.set(node, value);
    return value;
  };
  const made = (node: Node): V128 => {
    if (node.op === "literal") return f32x4.const(Number(node.parameters[0]));
    const scalar = scalarOf(layout, node);
    if (scalar !== undefined) return v128.load32_splat(i32.const(0), scalar);
    const isHeld = isReduction(node) || node.inputs.length === 0;
    const held = isHeld ? (places.columns.get(node) ?? places.columns.get(node.op)) : undefined;
    if (held !== undefined) return v128.load32_splat(column, held);
    return elementwise[node.op as keyof typeof elementwise](node.inputs.map(valueOf), node.parameters, body);
  };
  return valueOf;
}

/** What a stage reads of samples as a whole. */
export const narrowOf = (stage: PlanesStage): readonly Node[] => narrowOperands(stage.nodes.flatMap(operandsOf), isReduction);

export interface SceneTask {
  readonly body: Body;
  readonly frame: I32;
  readonly row: I32;
  readonly block: I32;
  readonly channels: number;
  readonly layout: Layout;
  readonly stage: PlanesStage;
  readonly kept: ReadonlySet<Node>;
  readonly ofSample: (node: Node) => V128;
}

export function sceneOf({ body, frame, row, block, channels, layout, stage, kept, ofSample }: SceneTask): Scene {
  const { floats, samples, scratch } = layout.frame;
  const rows = new Map<number, I32>();
  const rowOf = (stride: number): I32 => {
    const address = rows.get(stride) ?? body.let(i32.add(frame, i32.mul(row, i32.const(stride))));
    rows.set(stride, address);
    return address;
  };
  const memory = new Map<Node, Plane>();
  for (const node of memoryNodes(stage, layout)) {
    const shared = channelValuesOf(layout, node);
    if (shared !== undefined) {
      const { map, address } = shared;
      memory.set(node, {
        base: body.let(i32.mul(block, i32.const(16 * areaOf(map)))),
        offset: address,
        row: 16 * map.width,
        column: 16,
        load: lanes,
      });
      continue;
    }
    const { offset, stride } = node.op === "samples" ? samples.get(node)! : floats.get(node)!;
    const { height, width } = node.map;
    const size = node.op === "samples" ? 4 : 16;
    const base = body.let(i32.add(rowOf(stride), i32.mul(block, i32.const(size * height * width))));
    memory.set(node, { base, offset, row: size * width, column: size, load: node.op === "samples" ? bytes : lanes });
  }
  const own = new Map(stage.planes.filter((plane) => plane.lanes).map((plane) => [plane, valuesOf(plane, frame, scratch.get(plane)!)]));
  const scratchOf = (node: Node): Plane | undefined => [...own].find(([plane]) => plane.node === node)?.[1];
  const filled = channels % 4;
  const isLast = filled === 0 ? undefined : body.let(i32x4.splat(i32.sub(i32.const(0), i32.eq(block, i32.const((channels - filled) / 4)))));
  const mask = isLast && body.let(v128.or(v128.not(isLast), firstLanes(filled)));

  const readAt = (
    place: Place,
    known: Map<Node, V128>,
  ): { readonly valueOf: (node: Node) => V128; readonly computed: (node: Node) => V128 } => {
    const valueOf = (node: Node): V128 => {
      if (node.extent !== "feature") return ofSample(node);
      const value = known.get(node) ?? body.let(stored(node));
      known.set(node, value);
      return value;
    };
    const stored = (node: Node): V128 => {
      const plane = scratchOf(node);
      return plane === undefined ? computed(node) : loadAt(plane, place);
    };
    const computed = (node: Node): V128 => {
      const plane = memory.get(node);
      if (plane !== undefined) return loadAt(plane, place);
      if (node.op === "literal") return f32x4.const(Number(node.parameters[0]));
      return elementwise[node.op as keyof typeof elementwise](node.inputs.map(valueOf), node.parameters, body);
    };
    return { valueOf, computed };
  };

  const masked = (value: V128): V128 => (mask === undefined ? value : v128.and(value, mask));
  const store = (plane: Plane, place: Place, value: V128): void =>
    body.do(v128.store(place.loop.base(plane, place.strides), value, offsetOf(plane, place)));
  return {
    ...{ body, frame, block, layout, stage, rowOf, masked },
    at: (place, known = new Map()) => readAt(place, new Map(known)).valueOf,
    store: (plane, place, value) => store(own.get(plane)!, place, value),
    fill: (plane, place) => masked(readAt(place, new Map()).computed(plane.node)),
    give: (node, place, value) => {
      const given = body.let(masked(value));
      const known = new Map([[node, given]]);
      if (kept.has(node)) store(memory.get(node)!, place, given);
      for (const [plane, target] of own) {
        if (stage.madeBy.get(plane) !== node) continue;
        const made = known.get(plane.node) ?? body.let(masked(readAt(place, known).computed(plane.node)));
        known.set(plane.node, made);
        store(target, place, made);
      }
    },
  };
}

/** Whole numbers of one byte. */
const bytes = (base: I32, offset: number): V128 =>
  f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(v128.load32_zero(base, offset))));

/** Everything in memory that the stage reads or writes place by place. */
function memoryNodes({ nodes }: PlanesStage, { frame: { floats } }: Layout): readonly Node[] {
  const found = new Set<Node>();
  const visit = (node: Node): void => {
    if (node.op === "samples" || node.op === "mask" || node.op === "bias" || ((isSliding(node) || isProduct(node)) && floats.has(node)))
      found.add(node);
    else if (node.extent === "feature" && !isSliding(node) && !isProduct(node)) node.inputs.forEach(visit);
  };
  for (const node of nodes) {
    if (node.op !== "toVector") visit(node);
    if (node.op !== "fromVector") operandsOf(node).forEach(visit);
  }
  return [...found];
}

/** The values of a scratch plane, without the zeros around. */
function valuesOf({ spacing, top, left, width }: ScratchPlane, base: I32, offset: number): Plane {
  return { base, offset: offset + 16 * (top * width + left), row: 16 * spacing * width, column: 16 * spacing, load: lanes };
}
