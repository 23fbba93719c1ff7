import type { Body } from "./function.js";
import { f64x2, type V128 } from "./instructions.js";

/** Makes constants of a function: both lanes the same float64. */
export const numbers =
  (body: Body) =>
  (value: number): V128 =>
    body.constant(f64x2.const(value));
