import { type WasmFunction, wasmFunction } from "#compiler/wasm/function.js";
import { f32, i32 } from "#compiler/wasm/instructions.js";
import type { LayerPlace, Layout } from "../layout.js";

/** A function () that leaves, for each output of a layer, the sum over its row of the gradients by the levels of all shards times these. */
export function maskSlopesFunction(
  { units, inputs, stride, offset, levels, mask }: LayerPlace,
  { frames, frame }: Layout,
  shards: number,
): WasmFunction {
  return wasmFunction([], (body) => {
    body.loop(units, 1, (unit) => {
      const row = body.let(i32.mul(unit, i32.const(stride)));
      const slope = body.let(f32.const(0));
      body.loop(4 * inputs, 4, (position) => {
        const at = body.let(i32.add(row, position));
        const gradients = Array.from({ length: shards }, (_, shard) =>
          f32.load(at, frames + shard * frame.bytes + frame.gradient + offset),
        );
        body.set(
          slope,
          f32.add(
            slope,
            f32.mul(
              gradients.reduce((sum, part) => f32.add(sum, part)),
              f32.load(at, levels),
            ),
          ),
        );
      });
      body.do(f32.store(i32.shl(unit, i32.const(2)), slope, mask!.slopes));
    });
  });
}
