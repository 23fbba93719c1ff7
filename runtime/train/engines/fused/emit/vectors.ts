import type { Body } from "#compiler/wasm/function.js";
import { i32x4, type V128, v128 } from "#compiler/wasm/instructions.js";

/** Four rows of four 32-bit lanes become four columns. */
export function transposed(body: Body, [a, b, c, d]: readonly [V128, V128, V128, V128]): readonly [V128, V128, V128, V128] {
  const [low, high] = [
    [0, 4, 1, 5],
    [2, 6, 3, 7],
  ] as const;
  // Pairs first: a0 b0 a1 b1, then the first half of one pair with that of the other.
  const [first, second] = [body.let(i32x4.shuffle(a, b, low)), body.let(i32x4.shuffle(a, b, high))];
  const [third, fourth] = [body.let(i32x4.shuffle(c, d, low)), body.let(i32x4.shuffle(c, d, high))];
  const [front, back] = [
    [0, 1, 4, 5],
    [2, 3, 6, 7],
  ] as const;
  return [
    i32x4.shuffle(first, third, front),
    i32x4.shuffle(first, third, back),
    i32x4.shuffle(second, fourth, front),
    i32x4.shuffle(second, fourth, back),
  ];
}

/** Four vectors, each folded to one lane: lane i of the result is what the lanes of vector i come to. */
export function folded(body: Body, vectors: readonly [V128, V128, V128, V128], combine: (left: V128, right: V128) => V128): V128 {
  const [a, b, c, d] = transposed(body, vectors).map((vector) => body.let(vector));
  return combine(combine(a!, b!), combine(c!, d!));
}

/** One lane in all four. */
export const lane = (vector: V128, index: number): V128 => i32x4.shuffle(vector, vector, [index, index, index, index]);

/** Ones in the first lanes, zeros in the rest. */
export const firstLanes = (count: number): V128 => v128.const(...Array.from({ length: 16 }, (_, byte) => (byte < 4 * count ? 0xff : 0)));
