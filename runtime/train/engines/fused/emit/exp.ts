import type { Body } from "#compiler/wasm/function.js";
import { f32x4, i32, i32x4, type V128 } from "#compiler/wasm/instructions.js";

/** Minimax coefficients of e^r - 1 - r over r², |r| ≤ ln 2 / 2, highest power first (S. Moshier, Cephes, expf). */
const polynomial = [1.987569e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1];

/** ln 2 in two parts, of which the first has few enough bits that its multiples are exact. */
const [coarse, fine] = [0.693359375, -2.1219444e-4];

const all = (value: number): V128 => f32x4.const(value);

/** e to the power of four floats at most 0, to about one unit in the last place; far below it is as good as zero. */
export function exponential(body: Body, power: V128): V128 {
  const x = body.let(f32x4.pmax(power, all(-87)));
  const twos = body.let(f32x4.nearest(f32x4.mul(x, all(Math.LOG2E))));
  const rest = body.let(f32x4.sub(f32x4.sub(x, f32x4.mul(twos, all(coarse))), f32x4.mul(twos, all(fine))));
  const value = polynomial
    .slice(1)
    .reduce((sum: V128, coefficient) => f32x4.add(f32x4.mul(sum, rest), all(coefficient)), all(polynomial[0]!));
  const mantissa = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(value, rest), rest), rest), all(1));
  // 2^n is n + 127 in the exponent's place.
  const scale = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(twos), i32x4.splat(i32.const(127))), i32.const(23));
  return f32x4.mul(mantissa, scale);
}
