import { areaOf } from "#compiler/catalog/shapes/feature-map.js";
import { type WasmFunction, wasmFunction } from "#compiler/wasm/function.js";
import { f32, f32x4, i32, v128 } from "#compiler/wasm/instructions.js";
import type { BiasPlace, Layout } from "../layout.js";

/** A function () that rounds biases to units of the sums, as `integerBias` does, once the weights of their layer are quantized. */
export function quantizeBiasFunction(
  { source, step, limit, units, stride, offset, map, values, weightScale }: BiasPlace,
  { latent }: Layout,
): WasmFunction {
  const zero = i32.const(0);
  return wasmFunction([], (body) => {
    body.do(f32.store(zero, f32.mul(f32.load(zero, source.weightScale), f32.const(step)), weightScale));
    const unit = body.let(v128.load32_splat(zero, weightScale));
    body.loop(units, 1, (row) => {
      const exact = f32x4.div(v128.load32_splat(i32.mul(row, i32.const(stride)), latent + offset), unit);
      const bounded = f32x4.pmin(f32x4.pmax(f32x4.nearest(exact), f32x4.const(-limit)), f32x4.const(limit));
      const level = body.let(bounded);
      const block = i32.mul(i32.shr_u(row, i32.const(2)), i32.const(16 * areaOf(map)));
      const first = body.let(i32.add(block, i32.shl(i32.and(row, i32.const(3)), i32.const(2))));
      body.loop(16 * areaOf(map), 16, (place) => body.do(f32.store(i32.add(first, place), f32x4.extract_lane(level, 0), values)));
    });
  });
}
