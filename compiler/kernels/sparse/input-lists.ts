import type { Placement, Routine } from "../../ir/routine.js";
import { timesConstant } from "../c-expression.js";
import { routine } from "../routine.js";
import { inputLister } from "./rv32-list-inputs.js";
import { evenShape } from "../../catalog/codebook/shape.js";
import { levelText } from "../dense-rows/dense-rows.js";
import type { Quantizer } from "../../catalog/codebook/quantizer.js";

/** Compacts the inputs above the zero point to a sparse list of values and weight addresses. */
export const listInputs = (placement: Placement): Routine =>
  routine("sparse/routines/list-inputs", { context: { list: inputLister() }, placement });

/** The most that the inputs of a list may add up to, so that lanes of 16 bits hold them times the largest number of a level. */
export const limitOf = ({ levels }: Quantizer): number => Math.floor(65_535 / (levels.length - 1));

/** What templates of kernels for lists read of a format with evenly spaced levels. */
export function listContext(quantizer: Quantizer) {
  const shape = evenShape(quantizer.levels)!;
  return {
    format: quantizer.name,
    level: levelText(shape),
    limit: limitOf(quantizer),
    offset: timesConstant("total", shape.lowest),
  };
}
