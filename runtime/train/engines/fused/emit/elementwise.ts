import type { Body } from "#compiler/wasm/function.js";
import { f32x4, i32, i32x4, type V128, v128 } from "#compiler/wasm/instructions.js";
import type { Elementwise, Node } from "../graph/node.js";
import { exponential } from "./exp.js";

type Emit = (operands: readonly V128[], parameters: Node["parameters"], body: Body) => V128;

const all = (value: unknown): V128 => f32x4.const(Number(value));

/** Each operation on four float32 values at once. */
export const elementwise: Readonly<Record<Elementwise, Emit>> = {
  add: ([left, right]) => f32x4.add(left!, right!),
  multiply: ([left, right]) => f32x4.mul(left!, right!),
  divide: ([left, right]) => f32x4.div(left!, right!),
  reciprocal: ([input]) => f32x4.div(all(1), input!),
  offset: ([input], [constant]) => f32x4.add(input!, all(constant)),
  scale: ([input], [factor]) => f32x4.mul(input!, all(factor)),
  abs: ([input]) => f32x4.abs(input!),
  squareRoot: ([input]) => f32x4.sqrt(input!),
  clamp: ([input], [low, high]) => f32x4.pmin(f32x4.pmax(input!, all(low)), all(high)),
  round: ([input]) => f32x4.nearest(input!),
  floor: ([input]) => f32x4.floor(input!),
  // Without its fraction a float32 is a power of two.
  powerBelow: ([input]) => v128.and(input!, i32x4.splat(i32.const(0xff800000))),
  exp: ([power], _parameters, body) => exponential(body, power!),
  equal: ([left, right]) => v128.and(f32x4.eq(left!, right!), all(1)),
  gate: ([value, condition]) => v128.and(value!, f32x4.gt(condition!, all(0))),
  constant: ([input]) => input!,
  straightThrough: ([values]) => values!,
};
