import type { Helper } from "../../ir/plan.js";
import { timesConstant } from "../c-expression.js";
import { evenShape } from "../../catalog/codebook/shape.js";
import { levelText } from "../dense-rows/dense-rows.js";
import type { Quantizer } from "../../catalog/codebook/quantizer.js";

/** Lists inputs that are above the background. */
export const listHelper = (resident: boolean): Helper => ({
  name: resident ? "list_inputs_quickly" : "list_inputs",
  template: "sparse/routines/list-inputs",
  facts: {},
  code: 264,
  resident,
});

/** The most that the inputs of a list may add up to, so that lanes of 16 bits hold them times the largest number of a level. */
export const limitOf = ({ levels }: Quantizer): number => Math.floor(65_535 / (levels.length - 1));

/** What templates of kernels for lists read of a format with evenly spaced levels. */
export function listFacts(quantizer: Quantizer) {
  const shape = evenShape(quantizer.levels)!;
  return {
    format: quantizer.name,
    level: levelText(shape),
    limit: limitOf(quantizer),
    offset: timesConstant("total", shape.lowest),
  };
}
