import { type WasmFunction, wasmFunction } from "#compiler/wasm/function.js";
import { i16x8, i32, type I32, i32x4, type V128, v128 } from "#compiler/wasm/instructions.js";
import { type LayerPlace, padded } from "../layout.js";
import { transposed } from "./vectors.js";

/**
 * A function () that arranges the levels of a layer as forward products read them: panels of eight units (the last may
 * have four), in them one row for each pair of inputs, in it the pair of each unit as int16.
 */
export function packFunction(layer: LayerPlace): WasmFunction {
  const { levels, packed, stride } = layer;
  const pairs = padded(layer.inputs) / 2;
  const panels = Math.floor(padded(layer.units) / 8);
  return wasmFunction([], (body) => {
    /** Four units; a row of the panel has `width` bytes. */
    const emitUnits = (from: I32, to: I32, width: number): void => {
      const [read, write] = [body.let(from), body.let(to)];
      const words = (row: number, vector: number): V128 => i32x4.trunc_sat_f32x4_s(v128.load(read, levels + row * stride + 16 * vector));
      const pairsOf = (row: number, vectors: readonly [number, number]): V128 =>
        i16x8.narrow_i32x4_s(words(row, vectors[0]), words(row, vectors[1]));
      const emitPairs = (vectors: readonly [number, number], count: number): void => {
        const rowOf = (row: number): V128 => body.let(pairsOf(row, vectors));
        transposed(body, [rowOf(0), rowOf(1), rowOf(2), rowOf(3)])
          .slice(0, count)
          .forEach((pair, i) => body.do(v128.store(write, pair, packed + i * width)));
      };
      const advance = (inputs: number): void => {
        body.set(read, i32.add(read, i32.const(4 * inputs)));
        body.set(write, i32.add(write, i32.const((inputs / 2) * width)));
      };
      body.loop(Math.floor(pairs / 4), 1, () => {
        emitPairs([0, 1], 4);
        advance(8);
      });
      if (pairs % 4 !== 0) emitPairs([0, 0], 2);
    };
    body.loop(panels, 1, (panel) => {
      for (const half of [0, 1]) {
        const from = i32.mul(panel, i32.const(8 * stride));
        const to = i32.mul(panel, i32.const(32 * pairs));
        emitUnits(i32.add(from, i32.const(4 * half * stride)), i32.add(to, i32.const(16 * half)), 32);
      }
    });
    if (padded(layer.units) % 8 !== 0) emitUnits(i32.const(panels * 8 * stride), i32.const(panels * 32 * pairs), 16);
  });
}
