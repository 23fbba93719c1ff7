import type { Application } from "#compiler/ir/application.js";
import type { Arithmetic, Optimizer } from "#compiler/catalog/training.js";
import { type Body, type Variable, type WasmFunction, wasmFunction } from "#compiler/wasm/function.js";
import { f32, f32x4, f64, i32, type I32, type V128, v128 } from "#compiler/wasm/instructions.js";
import { clipLearner } from "../../../clip-learning.js";
import { type LayerPlace, type Layout, padded } from "../layout.js";

/** The catalogue's rules on four weights at once. */
const onVectors: Arithmetic<V128> = {
  add: f32x4.add,
  subtract: f32x4.sub,
  multiply: f32x4.mul,
  divide: f32x4.div,
  squareRoot: f32x4.sqrt,
  within: (value, low, high) => v128.and(v128.and(f32x4.le(f32x4.const(low), value), f32x4.le(value, f32x4.const(high))), f32x4.const(1)),
};

export interface UpdateTask {
  readonly optimizer: Optimizer;
  readonly clip: Application;
  /** In the order in which the optimizer's constants lie in memory. */
  readonly names: readonly string[];
  readonly shards: number;
}

/** A function () that sums the gradients of all shards, in their order, and takes the step; it leaves the gradients of learned scalars. */
export function updateFunction(layout: Layout, { optimizer, clip, names, shards }: UpdateTask): WasmFunction {
  const { update } = optimizer;
  const { latent, slots, frames, frame } = layout;
  return wasmFunction([], (body) => {
    const zero = i32.const(0);
    const constants = Object.fromEntries(names.map((name, i) => [name, body.let(v128.load32_splat(zero, layout.constants + 4 * i))]));
    for (const { id, offset, stride, units, weightScale } of [...layout.layers.values(), ...layout.biases.values()]) {
      // Gradients are by levels: a weight is level * scale.
      const levelsPerWeight = body.let(f32x4.div(f32x4.const(1), v128.load32_splat(zero, weightScale)));
      const layer = layout.layers.get(id);
      const learning = layer && learningIn(body, layer, clip);
      body.loop(stride * padded(units), 16, (position) => {
        const gradients = Array.from({ length: shards }, (_, shard) =>
          v128.load(position, frames + shard * frame.bytes + frame.gradient + offset),
        );
        const whole = body.let(
          f32x4.mul(
            gradients.reduce((sum, part) => f32x4.add(sum, part)),
            levelsPerWeight,
          ),
        );
        const weight = body.let(v128.load(position, latent + offset));
        const gradient = learning?.kept(position, weight, whole) ?? whole;
        const given = { weight, slots: slots.map((slot) => body.let(v128.load(position, slot + offset))) };
        const next = update(onVectors, given, gradient, constants);
        next.slots.forEach((value, i) => body.do(v128.store(position, value, slots[i]! + offset)));
        body.do(v128.store(position, next.weight, latent + offset));
      });
      learning?.end();
    }
  });
}

interface Learning {
  /** The part of the gradient that the weights get; the gradient by the scalar is accumulated on the way. */
  kept(position: I32, weight: V128, gradient: Variable<"v128">): Variable<"v128">;
  end(): void;
}

/** For a layer whose scalar is learned: one for all rows. */
function learningIn(body: Body, { quantizer, gains, levels, growth: result }: LayerPlace, clip: Application): Learning | undefined {
  const learner = clipLearner(clip, quantizer.name);
  if (learner === undefined) return undefined;
  const gain = body.let(f32x4.splat(f32.demote_f64(f64.load(i32.const(0), gains))));
  const total = body.let(f32x4.const(0));
  return {
    kept: (position, weight, gradient) => {
      const scaled = body.let(f32x4.mul(weight, gain));
      const { growth, keeps } = learner.differentiate(onVectors, { scaled, level: v128.load(position, levels) });
      body.set(total, f32x4.add(total, f32x4.mul(gradient, growth)));
      return body.let(f32x4.mul(gradient, keeps));
    },
    end: () => {
      const lanes = [0, 1, 2, 3].map((i) => f32x4.extract_lane(total, i));
      body.do(
        f32.store(
          i32.const(0),
          lanes.reduce((left, right) => f32.add(left, right)),
          result,
        ),
      );
    },
  };
}
