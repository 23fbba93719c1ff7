import { type Body, type WasmFunction, wasmFunction } from "../../wasm/function.js";
import { i16x8, i32, type I32, i32x4, type V128, v128 } from "../../wasm/instructions.js";
import { fraction, group, type Windows } from "./triangle.js";

/** Lines that are filtered: so many, one after the other, each of `length` bytes. */
export interface Filter {
  readonly lines: number;
  readonly length: number;
  readonly windows: Windows;
  /** The address of `halvesOf` the windows. */
  readonly halves: number;
}

/** Coefficients have up to 23 bits, products of 16 bits are quick: each is 2^11 times its upper half plus its lower one. */
const lowerBits = 11;

/** Halves of coefficients as `filterFunction` reads them: a group of two neighbours, their upper halves, then their lower ones. */
export function halvesOf({ coefficients, groups }: Windows): Int16Array {
  const halves: number[] = [];
  for (let first = 0; first < coefficients.length; first += 2) {
    for (let i = 0; i < groups; i++) {
      const both = [first, first + 1].flatMap((position) =>
        Array.from({ length: group }, (_, k) => coefficients[position]?.[i * group + k] ?? 0),
      );
      halves.push(...both.map((coefficient) => coefficient >> lowerBits), ...both.map((coefficient) => coefficient & (2 ** lowerBits - 1)));
    }
  }
  return Int16Array.from(halves);
}

/**
 * A function (source, target) that filters the lines at `source`, and writes rows of the first results of all lines, of their
 * second ones and so on. It reads up to three bytes behind the lines.
 */
export const filterFunction = (filter: Filter): WasmFunction =>
  wasmFunction(["i32", "i32"], (body, source, target) => {
    const { lines, length, windows } = filter;
    const from = body.let(source);
    const to = body.let(target);
    const half = body.let(i32x4.splat(i32.const(1 << (fraction - 1))));
    body.loop(lines, 1, () => {
      for (let first = 0; first < windows.start.length; first += 4) {
        const [left, right] = [emitPair(body, from, filter, first), emitPair(body, from, filter, first + 2)];
        const sums = i32x4.add(i32x4.shuffle(left, right, [0, 2, 4, 6]), i32x4.shuffle(left, right, [1, 3, 5, 7]));
        // Triangles have no negative weights, and rounding them adds less than half a step to a sum of fewer than 16,000.
        const results = body.let(i32x4.shr_u(i32x4.add(sums, half), i32.const(fraction)));
        for (let i = first; i < Math.min(first + 4, windows.start.length); i++)
          body.do(v128.store8_lane(to, results, i * lines, 4 * (i - first)));
      }
      body.set(from, i32.add(from, i32.const(length)));
      body.set(to, i32.add(to, i32.const(1)));
    });
  });

/** Two sums each for two neighbouring positions of a line. */
function emitPair(body: Body, from: I32, { windows: { start, groups }, halves }: Filter, first: number): V128 {
  if (first >= start.length) return v128.const(...new Uint8Array(16));
  const second = Math.min(first + 1, start.length - 1);
  const products = Array.from({ length: groups }, (_, i) => {
    const [one, other] = [start[first]! + i * group, start[second]! + i * group];
    const bytes = body.let(i16x8.extend_low_i8x16_u(v128.load32_lane(from, v128.load32_zero(from, one), other, 1)));
    const coefficients = halves + 32 * ((first / 2) * groups + i);
    return [0, 16].map((offset) => i32x4.dot_i16x8_s(bytes, v128.load(i32.const(0), coefficients + offset)));
  });
  const [upper, lower] = [0, 1].map((part) => products.map((both) => both[part]!).reduce((sum, product) => i32x4.add(sum, product)));
  return body.let(i32x4.add(i32x4.shl(upper!, i32.const(lowerBits)), lower!));
}
