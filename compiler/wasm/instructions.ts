import { float32, float64, joined, signed, unsigned } from "./encode.js";

/**
 * The WebAssembly instructions that bnmc needs, as typed functions: `f32x4.add(a, b)` is the code that computes
 * both operands and adds them. This table is the only place that knows opcodes
 * (https://webassembly.github.io/spec/core/binary/instructions.html).
 */

export const typeCodes = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;
export type ValueType = keyof typeof typeCodes;

/** Code that leaves one value on the stack. */
export interface Value<T extends ValueType> {
  readonly type: T;
  readonly code: readonly number[];
}

/** Code that leaves nothing: a store, an assignment. */
export interface Effect {
  readonly type: "none";
  readonly code: readonly number[];
}

export type I32 = Value<"i32">;
export type F32 = Value<"f32">;
export type F64 = Value<"f64">;
/** 128 bits: four f32 or i32, two f64, eight i16. */
export type V128 = Value<"v128">;

type Operands<P extends readonly ValueType[]> = { readonly [K in keyof P]: Value<P[K]> };

/** An instruction that takes its operands from the stack and has no immediates. */
const plain =
  <const P extends readonly ValueType[], R extends ValueType>(opcode: readonly number[], _takes: P, type: R) =>
  (...operands: Operands<P>): Value<R> => ({ type, code: joined(...operands.map(({ code }) => code), opcode) });

const simd = (opcode: number): number[] => [0xfd, ...unsigned(opcode)];

/** Alignment is a hint that engines ignore, so every access claims one byte. */
const memory = (offset: number): number[] => [0, ...unsigned(offset)];

const load =
  <R extends ValueType>(opcode: readonly number[], type: R) =>
  (base: I32, offset = 0): Value<R> => ({ type, code: joined(base.code, [...opcode, ...memory(offset)]) });

const store =
  <T extends ValueType>(opcode: readonly number[], _type: T) =>
  (base: I32, value: Value<T>, offset = 0): Effect => ({
    type: "none",
    code: joined(base.code, value.code, [...opcode, ...memory(offset)]),
  });

const loadLane =
  (opcode: number) =>
  (base: I32, vector: V128, offset: number, lane: number): V128 => ({
    type: "v128",
    code: joined(base.code, vector.code, [...simd(opcode), ...memory(offset), lane]),
  });

const storeLane =
  (opcode: number) =>
  (base: I32, value: V128, offset: number, lane: number): Effect => ({
    type: "none",
    code: joined(base.code, value.code, [...simd(opcode), ...memory(offset), lane]),
  });

const unary = (opcode: number) => plain(simd(opcode), ["v128"], "v128");
const binary = (opcode: number) => plain(simd(opcode), ["v128", "v128"], "v128");

export const i32 = {
  const: (value: number): I32 => ({ type: "i32", code: [0x41, ...signed(value)] }),
  load: load([0x28], "i32"),
  load8_u: load([0x2d], "i32"),
  store8: store([0x3a], "i32"),
  eqz: plain([0x45], ["i32"], "i32"),
  eq: plain([0x46], ["i32", "i32"], "i32"),
  lt_u: plain([0x49], ["i32", "i32"], "i32"),
  add: plain([0x6a], ["i32", "i32"], "i32"),
  sub: plain([0x6b], ["i32", "i32"], "i32"),
  mul: plain([0x6c], ["i32", "i32"], "i32"),
  div_u: plain([0x6e], ["i32", "i32"], "i32"),
  and: plain([0x71], ["i32", "i32"], "i32"),
  shl: plain([0x74], ["i32", "i32"], "i32"),
  shr_u: plain([0x76], ["i32", "i32"], "i32"),
} as const;

export const f32 = {
  const: (value: number): F32 => ({ type: "f32", code: [0x43, ...float32(value)] }),
  load: load([0x2a], "f32"),
  store: store([0x38], "f32"),
  add: plain([0x92], ["f32", "f32"], "f32"),
  mul: plain([0x94], ["f32", "f32"], "f32"),
  demote_f64: plain([0xb6], ["f64"], "f32"),
} as const;

export const f64 = {
  const: (value: number): F64 => ({ type: "f64", code: [0x44, ...float64(value)] }),
  load: load([0x2b], "f64"),
  gt: plain([0x64], ["f64", "f64"], "i32"),
  abs: plain([0x99], ["f64"], "f64"),
  add: plain([0xa0], ["f64", "f64"], "f64"),
  sub: plain([0xa1], ["f64", "f64"], "f64"),
  mul: plain([0xa2], ["f64", "f64"], "f64"),
  div: plain([0xa3], ["f64", "f64"], "f64"),
  max: plain([0xa5], ["f64", "f64"], "f64"),
  convert_i32_s: plain([0xb7], ["i32"], "f64"),
  promote_f32: plain([0xbb], ["f32"], "f64"),
} as const;

export const v128 = {
  load: load(simd(0), "v128"),
  load32_splat: load(simd(9), "v128"),
  load64_splat: load(simd(10), "v128"),
  load32_zero: load(simd(92), "v128"),
  store: store(simd(11), "v128"),
  /** The vector with one lane from memory. */
  load32_lane: loadLane(86),
  load64_lane: loadLane(87),
  store8_lane: storeLane(88),
  store32_lane: storeLane(90),
  store64_lane: storeLane(91),
  const: (...bytes: readonly number[]): V128 => ({ type: "v128", code: [...simd(12), ...bytes] }),
  and: binary(78),
  andnot: binary(79),
  or: binary(80),
  xor: binary(81),
  not: unary(77),
  /** Bits of the first where the mask has ones, of the second elsewhere. */
  bitselect: plain(simd(82), ["v128", "v128", "v128"], "v128"),
  any_true: plain(simd(83), ["v128"], "i32"),
} as const;

export const i16x8 = {
  narrow_i32x4_s: binary(133),
  extend_low_i8x16_s: unary(135),
  extend_low_i8x16_u: unary(137),
  extend_high_i8x16_u: unary(138),
} as const;

export const i32x4 = {
  extend_low_i16x8_s: unary(167),
  shl: plain(simd(171), ["v128", "i32"], "v128"),
  shr_s: plain(simd(172), ["v128", "i32"], "v128"),
  shr_u: plain(simd(173), ["v128", "i32"], "v128"),
  add: binary(174),
  mul: binary(181),
  gt_s: binary(59),
  /** Products of neighbouring i16, added in pairs. */
  dot_i16x8_s: binary(186),
  trunc_sat_f32x4_s: unary(248),
  splat: plain(simd(17), ["i32"], "v128"),
  extract_lane: (vector: V128, lane: number): I32 => ({ type: "i32", code: [...vector.code, ...simd(27), lane] }),
  /** Lanes 0 to 3 are of the first operand, 4 to 7 of the second. */
  shuffle: (left: V128, right: V128, lanes: readonly [number, number, number, number]): V128 => ({
    type: "v128",
    code: [...left.code, ...right.code, ...simd(13), ...lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte))],
  }),
} as const;

export const i64x2 = {
  sub: binary(209),
} as const;

export const f32x4 = {
  const: (...lanes: readonly number[]): V128 =>
    v128.const(...Array.from({ length: 4 }, (_, i) => float32(lanes[i % lanes.length]!)).flat()),
  splat: plain(simd(19), ["f32"], "v128"),
  extract_lane: (vector: V128, lane: number): F32 => ({ type: "f32", code: [...vector.code, ...simd(31), lane] }),
  replace_lane: (vector: V128, lane: number, value: F32): V128 => ({
    type: "v128",
    code: [...vector.code, ...value.code, ...simd(32), lane],
  }),
  eq: binary(65),
  gt: binary(68),
  le: binary(69),
  floor: unary(104),
  /** Rounds half to even. */
  nearest: unary(106),
  abs: unary(224),
  sqrt: unary(227),
  add: binary(228),
  sub: binary(229),
  mul: binary(230),
  div: binary(231),
  /** The second where it is smaller, else the first; one machine instruction, unlike `min`. */
  pmin: binary(234),
  pmax: binary(235),
  convert_i32x4_s: unary(250),
  demote_f64x2_zero: unary(94),
} as const;

export const f64x2 = {
  const: (first: number, second = first): V128 => v128.const(...float64(first), ...float64(second)),
  splat: plain(simd(20), ["f64"], "v128"),
  lt: binary(73),
  gt: binary(74),
  floor: unary(117),
  /** Rounds half to even. */
  nearest: unary(148),
  abs: unary(236),
  sqrt: unary(239),
  add: binary(240),
  sub: binary(241),
  mul: binary(242),
  div: binary(243),
  pmin: binary(246),
  pmax: binary(247),
  promote_low_f32x4: unary(95),
  convert_low_i32x4_s: unary(254),
  convert_low_i32x4_u: unary(255),
  /** Lanes 0 and 1 are of the first operand, 2 and 3 of the second. */
  shuffle: (left: V128, right: V128, [first, second]: readonly [number, number]): V128 =>
    i32x4.shuffle(left, right, [2 * first, 2 * first + 1, 2 * second, 2 * second + 1]),
} as const;
