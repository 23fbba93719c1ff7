import type { Body, Variable } from "#compiler/wasm/function.js";
import { f32x4, i16x8, i32, type I32, i32x4, type V128, v128 } from "#compiler/wasm/instructions.js";
import { isProduct, isSliding, type Node } from "../graph/node.js";
import type { Layout, Rows } from "../layout.js";
import { channelValuesOf } from "../constants.js";

/** Where the matrices of four samples are. */
export interface Block {
  /** The address of their entry in a column that starts at 0. */
  readonly column: I32;
  /** Undefined when the node is not in memory. `position` counts the bytes of float32 features. */
  load(node: Node, sample: number, position: I32): V128 | undefined;
  store(node: Node, sample: number, position: I32, value: V128): void;
}

/** The block of four rows from `row` on. */
export function blockAt(body: Body, frame: I32, layout: Layout, row: I32): Block {
  const { frame: places } = layout;
  const { samples, targets, floats, integers } = places;
  const bases = new Map<Rows, Variable<"i32">>();
  // Emitted before the loops: the address of the first of the four rows.
  const baseOf = (rows: Rows): I32 => bases.get(rows)!;
  for (const rows of [...samples.values(), targets, ...floats.values(), ...integers.values()]) {
    bases.set(rows, body.let(i32.add(frame, i32.mul(row, i32.const(rows.stride)))));
  }
  const at = (rows: Rows, position: I32, narrowing: number): I32 =>
    i32.add(baseOf(rows), narrowing === 0 ? position : i32.shr_u(position, i32.const(narrowing)));
  const offset = (rows: Rows, sample: number): number => rows.offset + sample * rows.stride;
  return {
    column: body.let(i32.add(frame, i32.shl(row, i32.const(2)))),
    load: (node, sample, position) => {
      if (node.op === "samples") {
        const rows = samples.get(node)!;
        const bytes = v128.load32_zero(at(rows, position, 2), offset(rows, sample));
        return f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(bytes)));
      }
      if (node.op === "index")
        return f32x4.add(f32x4.const(0, 1, 2, 3), f32x4.convert_i32x4_s(i32x4.splat(i32.shr_u(position, i32.const(2)))));
      const shared = channelValuesOf(layout, node);
      if (shared !== undefined) return v128.load(position, shared.address);
      const rows = node.op === "target" ? targets : isProduct(node) || isSliding(node) ? floats.get(node) : undefined;
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
