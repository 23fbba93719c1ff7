import { evenShape, ranks } from "../../catalog/codebook/shape.js";
import { codeReader, denseCost, denseRows, levelRange, levelText, packedRows, sumsFit } from "./dense-rows.js";
import { defineKernel } from "../contract.js";
import type { Packing } from "../../catalog/codebook/quantizer.js";

/** Codes are of bits, taken without preparation. */
function codeIn(packing: Packing) {
  const { code, after } = codeReader(packing, "codes");
  return { code, after };
}

export default defineKernel({
  name: "dense-multiply",
  template: "dense-rows/dense-multiply",
  summary: "One multiply-accumulate a weight, whose level is computed from its code; for evenly spaced levels, on cores that multiply.",
  serves: ["dense"],
  bid: (job, target) => {
    const { quantizer } = job.weights[0]!;
    const shape = evenShape(quantizer.levels);
    if (!target.multiplies || shape === undefined || quantizer.packing.kind !== "bits") return [];
    if (!sumsFit(job, levelRange(quantizer))) return [];
    const rows = denseRows(job);
    const { lowest, step } = shape;
    return [
      {
        cost: denseCost(target, job, { code: 142, perWeight: 17 }),
        context: {
          ...rows,
          level: levelText(shape),
          ...codeIn(quantizer.packing),
          base: lowest === 0 ? "" : `${lowest} * total`,
          result: step === 1 ? "sum" : `${step} * sum`,
        },
      },
    ];
  },
  tables: (weights) => [packedRows(weights, ranks(weights[0]!.quantizer.levels))],
});
