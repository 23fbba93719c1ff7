import { numbers } from "../../wasm/constants.js";
import { type WasmFunction, wasmFunction } from "../../wasm/function.js";
import { f64x2, i32, v128 } from "../../wasm/instructions.js";

/** Columns that are worked on together; rows of matrices take as many bytes as a whole number of these. */
const together = 16;

/** From one row of so many float64 to the next, in float64. */
export const strideOf = (columns: number): number => together * Math.ceil(columns / together);

/** A function (left, right, result) of the addresses of float64 matrices [rows, inner] and [inner, columns]; sums grow in the order of `inner`. */
export const productFunction = (rows: number, inner: number, columns: number): WasmFunction =>
  wasmFunction(["i32", "i32", "i32"], (body, left, right, result) => {
    const line = body.let(left);
    const target = body.let(result);
    body.loop(rows, 1, () => {
      body.loop(8 * strideOf(columns), 8 * together, (first) => {
        const sums = Array.from({ length: together / 2 }, () => body.let(numbers(body)(0)));
        const from = body.let(i32.add(right, first));
        body.loop(8 * inner, 8, (k) => {
          const factor = body.let(v128.load64_splat(i32.add(line, k)));
          sums.forEach((sum, i) => body.set(sum, f64x2.add(sum, f64x2.mul(factor, v128.load(from, 16 * i)))));
          body.set(from, i32.add(from, i32.const(8 * strideOf(columns))));
        });
        const to = body.let(i32.add(target, first));
        body.do(...sums.map((sum, i) => v128.store(to, sum, 16 * i)));
      });
      body.set(line, i32.add(line, i32.const(8 * strideOf(inner))));
      body.set(target, i32.add(target, i32.const(8 * strideOf(columns))));
    });
  });
