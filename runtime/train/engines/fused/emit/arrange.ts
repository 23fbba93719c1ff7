import { type WasmFunction, wasmFunction } from "#compiler/wasm/function.js";
import { f32, i32 } from "#compiler/wasm/instructions.js";
import type { Arrangement, KernelPlace } from "../kernels.js";

/** A function () that puts the levels of a layer where the loops over maps read them. */
export function arrangeFunction({ layer, forward, turned }: KernelPlace): WasmFunction {
  const { units, inputs, stride, levels } = layer;
  return wasmFunction([], (body) => {
    body.loop(units, 1, (unit) => {
      const entry = body.let(i32.mul(unit, i32.const(4 * inputs)));
      const row = body.let(i32.mul(unit, i32.const(stride)));
      body.loop(4 * inputs, 4, (position) => {
        const level = body.let(f32.load(i32.add(row, position), levels));
        const put = ({ table, address }: Arrangement): void =>
          body.do(f32.store(i32.load(i32.add(entry, position), table), level, address));
        put(forward);
        if (turned !== undefined) put(turned);
      });
    });
  });
}
