import type { Application } from "#compiler/catalog/parameter.js";
import type { Arithmetic } from "#compiler/catalog/training.js";
import { catalog } from "#compiler/catalog/index.js";
import { type Layout, padded } from "../layout.js";
import { type WasmFunction, wasmFunction } from "../wasm/function.js";
import { f32x4, i32, type V128, v128 } from "../wasm/instructions.js";

/** The catalogue's optimizers on four weights at once. */
const onVectors: Arithmetic<V128> = { add: f32x4.add, subtract: f32x4.sub, multiply: f32x4.mul, divide: f32x4.div, squareRoot: f32x4.sqrt };

/** A function () that adds up the gradients of all shards, in their order, and takes the step; `names` order the constants. */
export function updateFunction(layout: Layout, optimizer: Application, names: readonly string[], shards: number): WasmFunction {
  const { update } = catalog.optimizers[optimizer.name]!;
  const { latent, slots, frames, frame } = layout;
  return wasmFunction([], (body) => {
    const zero = i32.const(0);
    const constants = Object.fromEntries(names.map((name, i) => [name, body.let(v128.load32_splat(zero, layout.constants + 4 * i))]));
    for (const { offset, stride, units, unit } of layout.layers.values()) {
      // Gradients are by levels: a weight is that many units.
      const levelsPerWeight = body.let(f32x4.div(f32x4.const(1), v128.load32_splat(zero, unit)));
      body.loop(stride * padded(units), 16, (position) => {
        const gradients = Array.from({ length: shards }, (_, shard) => v128.load(position, frames + shard * frame.bytes + frame.gradient + offset));
        const gradient = body.let(f32x4.mul(gradients.reduce((sum, part) => f32x4.add(sum, part)), levelsPerWeight));
        const given = { weight: v128.load(position, latent + offset), slots: slots.map((slot) => body.let(v128.load(position, slot + offset))) };
        const next = update(onVectors, given, gradient, constants);
        next.slots.forEach((value, i) => body.do(v128.store(position, value, slots[i]! + offset)));
        body.do(v128.store(position, next.weight, latent + offset));
      });
    }
  });
}
