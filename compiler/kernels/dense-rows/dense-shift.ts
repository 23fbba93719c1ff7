import { powerShape } from "../../catalog/codebook/shape.js";
import { timesConstant } from "../c-expression.js";
import { denseCost, denseRows, packedRows } from "./dense-rows.js";
import { defineKernel } from "../contract.js";

export default defineKernel({
  name: "dense-shift",
  template: "dense-rows/dense-shift",
  summary: "One shift and one addition a weight; for levels that are powers of two with a sign.",
  serves: ["dense"],
  bid: (job, target) => {
    const { levels, packing } = job.weights[0]!.quantizer;
    const shape = powerShape(levels);
    if (shape === undefined || packing.kind !== "bits") return [];
    const rows = denseRows(job);
    return [
      {
        cost: denseCost(target, job, { code: 112, perWeight: 22 }),
        context: {
          ...rows,
          sign: `${2 ** shape.width}u`,
          exponent: `${2 ** shape.width - 1}u`,
          layout: `2^${shape.first === 0 ? "" : `${shape.first}+`}e with e in bits 0 to ${shape.width - 1}, negative when bit ${shape.width} is set`,
          shift: packing.width,
          result: timesConstant("sum", 2 ** shape.first),
        },
      },
    ];
  },
  tables: (weights) => [packedRows(weights)],
});
