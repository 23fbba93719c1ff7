import { ascending, evenShape, powerShape } from "#compiler/catalog/codebook/shape.js";
import { decisionsOf, smallestClip } from "#compiler/catalog/codebook/codebook.js";
import type { Quantizer } from "#compiler/catalog/codebook/quantizer.js";
import { type Body, type WasmFunction, wasmFunction } from "#compiler/wasm/function.js";
import { f32, f32x4, f64, f64x2, i32, type I32, i32x4, type F32, type F64, type V128, v128 } from "#compiler/wasm/instructions.js";
import { type Callee, callF32 } from "#compiler/wasm/module.js";
import type { LayerPlace, Layout } from "../layout.js";
import { firstLanes } from "./vectors.js";

/**
 * The integer levels of latent weights, exactly as `encode` of the codebook decides them: what is quick to do in
 * float32 is only believed where rounding cannot have mattered.
 */

/** What one weight is measured by. */
interface Scale {
  readonly gain: F64;
  readonly center: F64;
}

/** A function (weight, gain, center) that searches the thresholds in double precision, as the codebook does. */
export function exactLevelFunction({ quantizer, thresholds, ascending: levels }: LayerPlace): WasmFunction {
  return wasmFunction(["f32", "f64", "f64"], (body, weight, gain, center) => {
    const value = body.let(f64.mul(f64.sub(f64.promote_f32(weight), center), gain));
    const count = body.let(i32.const(0));
    for (let half = (decisionsOf(quantizer).thresholds.length + 1) >> 1; half > 0; half >>= 1) {
      const threshold = f64.load(i32.shl(count, i32.const(3)), thresholds + 8 * (half - 1));
      body.set(count, i32.add(count, i32.mul(f64.gt(value, threshold), i32.const(half))));
    }
    return f32.load(i32.shl(count, i32.const(2)), levels);
  });
}

/** Where clipping scalars come from: always from what was loaded, or from the weights where the format says so. */
export type ClipSource = "loaded" | "format";

/** A function () that writes the levels of a layer, and their scale where the weights imply it. */
export function quantizeFunction(layer: LayerPlace, { latent }: Layout, clips: ClipSource, exactLevel: Callee): WasmFunction {
  const { quantizer, units, inputs, stride, offset, gains } = layer;
  const impliesClip = clips === "format" && quantizer.scale === "mean-magnitude";
  return wasmFunction([], (body) => {
    const means = impliesClip || quantizer.center === "mean" ? measured(body, layer, latent + offset) : undefined;
    const center = quantizer.center === "mean" ? means!.mean : f64.const(0);
    const impliedGain = impliesClip ? gainOf(body, layer, means!.magnitude) : undefined;
    body.loop(units, 1, (row) => {
      const gain = impliedGain ?? body.let(f64.load(i32.shl(row, i32.const(3)), gains));
      const decide = decider(body, quantizer, { gain, center }, exactLevel);
      const address = body.let(i32.mul(row, i32.const(stride)));
      const emitVector = (position: I32, lanes: number): void => {
        const at = body.let(i32.add(address, position));
        const levels = decide(body.let(v128.load(at, latent + offset)));
        body.do(v128.store(at, lanes === 4 ? levels : v128.and(levels, firstLanes(lanes)), layer.levels));
      };
      const whole = Math.floor(inputs / 4) * 16;
      body.loop(whole, 16, (position) => emitVector(position, 4));
      if (inputs % 4 !== 0) emitVector(i32.const(whole), inputs % 4);
    });
  });
}

/** The mean and the mean magnitude of the weights, summed in the codebook's order. */
function measured(body: Body, { units, inputs, stride }: LayerPlace, address: number): { readonly mean: F64; readonly magnitude: F64 } {
  const sum = body.let(f64.const(0));
  const magnitudes = body.let(f64.const(0));
  body.loop(units, 1, (row) => {
    const start = body.let(i32.mul(row, i32.const(stride)));
    body.loop(inputs * 4, 4, (position) => {
      const weight = body.let(f64.promote_f32(f32.load(i32.add(start, position), address)));
      body.set(sum, f64.add(sum, weight));
      body.set(magnitudes, f64.add(magnitudes, f64.abs(weight)));
    });
  });
  const count = f64.const(units * inputs);
  return { mean: body.let(f64.div(sum, count)), magnitude: body.let(f64.div(magnitudes, count)) };
}

/** The gain of a clipping scalar that is the mean magnitude; also writes the scale of the weights. */
function gainOf(body: Body, { quantizer, weightScale }: LayerPlace, magnitude: F64): F64 {
  const fullScale = f64.const(quantizer.fullScale);
  // Scalars are float32 everywhere.
  const clip = body.let(f64.promote_f32(f32.demote_f64(f64.max(f64.const(smallestClip), magnitude))));
  body.do(f32.store(i32.const(0), f32.demote_f64(f64.div(clip, fullScale)), weightScale));
  return body.let(f64.div(fullScale, clip));
}

type Decider = (weights: V128) => V128;

/** The fastest quantization that the codebook's shape allows. */
function decider(body: Body, quantizer: Quantizer, scale: Scale, exactLevel: Callee): Decider {
  const even = quantizer.boundary === "midpoint" ? evenShape(quantizer.levels) : undefined;
  const power = quantizer.boundary === "floor" ? powerShape(quantizer.levels) : undefined;
  if (even !== undefined) return byRounding(body, { ...even, count: quantizer.levels.length }, scale, exactLevel);
  if (power !== undefined) return inDoubles(body, scale, (value) => poweredLevel(value, power));
  return inDoubles(body, scale, (value) => steppedLevel(value, quantizer));
}

/** Evenly spaced levels: round in float32, and ask the exact function where the nearest threshold is too near. */
function byRounding(
  body: Body,
  { lowest, step, count }: { lowest: number; step: number; count: number },
  scale: Scale,
  exactLevel: Callee,
): Decider {
  const slope = body.let(f32x4.splat(f32.demote_f64(f64.div(scale.gain, f64.const(step)))));
  const start = body.let(
    f32x4.splat(f32.demote_f64(f64.div(f64.sub(f64.const(-lowest), f64.mul(scale.center, scale.gain)), f64.const(step)))),
  );
  // Three float32 roundings of numbers up to a few times `count` err by far less than this.
  const certain = f32x4.const(0.5 - count * 2 ** -18);
  return (weights) => {
    const rank = body.let(f32x4.add(f32x4.mul(weights, slope), start));
    const nearest = body.let(f32x4.nearest(rank));
    const levels = f32x4.add(
      f32x4.mul(f32x4.pmin(f32x4.pmax(nearest, f32x4.const(0)), f32x4.const(count - 1)), f32x4.const(step)),
      f32x4.const(lowest),
    );
    const result = body.let(levels);
    body.when(v128.any_true(v128.not(f32x4.le(f32x4.abs(f32x4.sub(rank, nearest)), certain))), () => {
      for (let lane = 0; lane < 4; lane++) {
        const level: F32 = callF32(exactLevel, f32x4.extract_lane(weights, lane), scale.gain, scale.center);
        body.set(result, f32x4.replace_lane(result, lane, level));
      }
    });
    return result;
  };
}

/** Two weights at a time in double precision, where a comparison is the codebook's own. */
function inDoubles(body: Body, { gain, center }: Scale, levelOf: (value: V128) => V128): Decider {
  const gains = body.let(f64x2.splat(gain));
  const centers = body.let(f64x2.splat(center));
  const half = (weights: V128): V128 => {
    const value = body.let(f64x2.mul(f64x2.sub(f64x2.promote_low_f32x4(weights), centers), gains));
    return f32x4.demote_f64x2_zero(levelOf(value));
  };
  return (weights) => i32x4.shuffle(half(weights), half(i32x4.shuffle(weights, weights, [2, 3, 2, 3])), [0, 1, 4, 5]);
}

/** Every threshold that a value is above takes it one level up. */
function steppedLevel(value: V128, quantizer: Quantizer): V128 {
  const levels = ascending(quantizer.levels);
  const { thresholds } = decisionsOf(quantizer);
  return levels
    .slice(1)
    .reduce(
      (level, next, i) => f64x2.add(level, v128.and(f64x2.gt(value, f64x2.const(thresholds[i]!)), f64x2.const(next - levels[i]!))),
      f64x2.const(levels[0]!),
    );
}

/** A magnitude without its fraction is a power of two, within the powers that there are. */
function poweredLevel(value: V128, { first, width }: { first: number; width: number }): V128 {
  const [least, most] = [2 ** first, 2 ** (first + 2 ** width - 1)];
  const bounded = f64x2.pmin(f64x2.pmax(f64x2.abs(value), f64x2.const(least)), f64x2.const(most));
  const power = v128.and(bounded, f64x2.const(-Infinity));
  // Adding zero makes -0 positive, as comparing does.
  return v128.or(power, v128.and(f64x2.add(value, f64x2.const(0)), f64x2.const(-0)));
}
