import { numbers } from "../../wasm/constants.js";
import { type Body, type WasmFunction, wasmFunction } from "../../wasm/function.js";
import { f32x4, f64x2, i32, i32x4, i64x2, type V128, v128 } from "../../wasm/instructions.js";

/** Where things are in the memory of `normalsFunction`. */
export interface NormalsPlaces {
  /** How many numbers are made, an even one. */
  readonly count: number;
  /** Two random words of 32 bits for each. */
  readonly words: number;
  /** The results, float64 that are rounded to float32. */
  readonly results: number;
}

/** A result is off by less than this share of it: the series by 2^-46 and `Math` by less. */
const precision = 2 ** -40;

/** And by this share of the amplitude, where a cosine is nearly 0. */
const least = 2 ** -72;

/**
 * A function (amplitude, divisor) that makes normal numbers of random words: `normalOf` times the amplitude, divided by the
 * divisor, in float32. It computes them by series, two at a time; and tells, by a result other than 0, where one is so close
 * to the middle between two float32 that `normalOf` might be rounded otherwise.
 */
export const normalsFunction = ({ count, words, results }: NormalsPlaces): WasmFunction =>
  wasmFunction(["f64", "f64"], (body, amplitude, divisor) => {
    const number = numbers(body);
    const [factor, quotient] = [body.let(f64x2.splat(amplitude)), body.let(f64x2.splat(divisor))];
    const smallest = body.let(f64x2.mul(f64x2.abs(factor), number(least)));
    const sure = body.let(v128.const(...new Uint8Array(16).fill(255)));
    body.loop(count, 2, (i) => {
      const pairs = body.let(v128.load(i32.mul(i, i32.const(8)), words));
      const first = f64x2.convert_low_i32x4_u(i32x4.shuffle(pairs, pairs, [0, 2, 0, 2]));
      const second = f64x2.convert_low_i32x4_u(i32x4.shuffle(pairs, pairs, [1, 3, 1, 3]));
      const radius = f64x2.sqrt(f64x2.mul(number(-2), logarithm(body, f64x2.sub(number(1), f64x2.mul(first, number(2 ** -32))))));
      const normal = f64x2.mul(radius, cosine(body, f64x2.mul(second, number((2 * Math.PI) / 2 ** 32))));
      const value = body.let(f64x2.div(f64x2.mul(normal, factor), quotient));
      const error = body.let(f64x2.add(f64x2.mul(f64x2.abs(value), number(precision)), smallest));
      const above = body.let(f32x4.demote_f64x2_zero(f64x2.add(value, error)));
      body.set(sure, v128.and(sure, f32x4.eq(above, f32x4.demote_f64x2_zero(f64x2.sub(value, error)))));
      body.do(v128.store(i32.mul(i, i32.const(8)), f64x2.promote_low_f32x4(above), results));
    });
    return v128.any_true(v128.not(sure));
  });

/** Of numbers in (0, 1]: x = 2^e f with f from √½ to √2, and log f = 2 artanh((f - 1) / (f + 1)), a series in its square, at most 0.03. */
function logarithm(body: Body, x: V128): V128 {
  const number = numbers(body);
  const bits = body.let(x);
  const above = body.let(i64x2.sub(bits, number(Math.SQRT1_2)));
  const exponents = body.let(i32x4.shr_s(above, i32.const(20)));
  const exponent = f64x2.convert_low_i32x4_s(i32x4.shuffle(exponents, exponents, [1, 3, 1, 3]));
  // The bits of -Infinity are those of sign and exponent.
  const fraction = body.let(i64x2.sub(bits, v128.and(above, number(-Infinity))));
  const ratio = body.let(f64x2.div(f64x2.sub(fraction, number(1)), f64x2.add(fraction, number(1))));
  const terms = Array.from({ length: 9 }, (_, i) => 2 / (2 * i + 1));
  return f64x2.add(f64x2.mul(ratio, series(body, terms, squared(body, ratio))), f64x2.mul(exponent, number(Math.LN2)));
}

/** The first bits of π / 2, few enough to be multiplied by 4 without rounding, and what they lack. */
const quarter = [1.5707963267341256, 6.077100506506192e-11] as const;

/** Of angles in [0, 2π]: the nearest quarter turn says whether the rest needs a sine or a cosine, and its sign. */
function cosine(body: Body, angle: V128): V128 {
  const number = numbers(body);
  const whole = body.let(angle);
  const turns = body.let(f64x2.nearest(f64x2.mul(whole, number(2 / Math.PI))));
  const rest = body.let(f64x2.sub(f64x2.sub(whole, f64x2.mul(turns, number(quarter[0]))), f64x2.mul(turns, number(quarter[1]))));
  const square = squared(body, rest);
  const sine = f64x2.mul(
    rest,
    series(
      body,
      Array.from({ length: 8 }, (_, i) => (-1) ** i / factorial(2 * i + 1)),
      square,
    ),
  );
  const other = series(
    body,
    Array.from({ length: 9 }, (_, i) => (-1) ** i / factorial(2 * i)),
    square,
  );
  // One quarter or three: both are one away from the middle.
  const odd = f64x2.lt(f64x2.abs(f64x2.sub(f64x2.abs(f64x2.sub(turns, number(2))), number(1))), number(0.5));
  const negative = f64x2.lt(f64x2.abs(f64x2.sub(turns, number(1.5))), number(1));
  return v128.xor(v128.bitselect(sine, other, odd), v128.and(negative, number(-0)));
}

const squared = (body: Body, value: V128): V128 => body.let(f64x2.mul(value, value));

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));

/** The sum of coefficients times powers of x, from the constant one on. */
const series = (body: Body, coefficients: readonly number[], x: V128): V128 =>
  coefficients
    .map((coefficient) => numbers(body)(coefficient))
    .reduceRight((sum, coefficient) => f64x2.add(f64x2.mul(sum, x), coefficient));
