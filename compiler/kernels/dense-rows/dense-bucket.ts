import { ascending, evenShape, ranks } from "../../catalog/codebook/shape.js";
import { timesUnsigned } from "../c-expression.js";
import { codeReader, denseCost, denseRows, packedRows } from "./dense-rows.js";
import { defineKernel, type Table, tableBytes } from "../contract.js";
import type { Quantizer } from "../../catalog/codebook/quantizer.js";

export default defineKernel({
  name: "dense-bucket",
  template: "dense-rows/dense-bucket",
  summary:
    "Accumulates the inputs of each level in a bucket, then multiplies each bucket by its level once a row; for any format, without a multiplier.",
  serves: ["dense"],
  bid: (job, target) => {
    const { quantizer } = job.weights[0]!;
    const rows = denseRows(job);
    const levels = quantizer.levels.length;
    const lowest = Math.min(...quantizer.levels);
    const even = evenShape(quantizer.levels);
    const bits = Math.max(...stepTable(quantizer).values).toString(2).length;
    return [
      {
        cost: denseCost(target, job, {
          // Two levels need no loop over them.
          code: even === undefined ? 228 : levels === 2 ? 140 : 176,
          perWeight: quantizer.packing.kind === "digits" ? 31 : 23,
          perRow: 40 + levels * (even === undefined ? 25 + 10 * bits : 15),
          tables: even === undefined ? tableBytes(stepTable(quantizer)) : 0,
          scratch: 4 * levels,
        }),
        context: {
          ...rows,
          ...codeReader(quantizer.packing, "codes"),
          parameters: ", int32_t *buckets",
          levels,
          last: levels - 1,
          lowest,
          even: even !== undefined,
          steps: even === undefined || even.step === 1 ? "sum" : `(${timesUnsigned("sum", even.step)})`,
          base: lowest === 0 ? "0u" : `(${timesUnsigned("(uint32_t)total", lowest)})`,
        },
      },
    ];
  },
  tables: ([held]) => {
    const rows = packedRows([held!], ranks(held!.quantizer.levels));
    return evenShape(held!.quantizer.levels) === undefined ? [rows, stepTable(held!.quantizer)] : [rows];
  },
});

/** How much each level but the lowest is above the one before. */
function stepTable({ levels }: Quantizer): Table {
  const sorted = ascending(levels);
  const steps = sorted.slice(1).map((level, i) => level - sorted[i]!);
  const largest = Math.max(...steps);
  return { name: "steps", element: largest < 256 ? "uint8_t" : largest < 65536 ? "uint16_t" : "uint32_t", values: steps };
}
