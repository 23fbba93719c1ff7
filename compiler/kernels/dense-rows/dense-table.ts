import { largestLevel } from "../../catalog/codebook/shape.js";
import { codeReader, denseCost, denseRows, packedRows } from "./dense-rows.js";
import { defineKernel, type Table, tableBytes } from "../contract.js";
import type { Quantizer } from "../../catalog/codebook/quantizer.js";

export default defineKernel({
  name: "dense-table",
  template: "dense-rows/dense-table",
  summary: "Decodes every weight by a table of levels, then multiplies and accumulates; for any format, on cores that multiply.",
  serves: ["dense"],
  bid: (job, target) => {
    if (!target.multiplies) return [];
    const { quantizer } = job.weights[0]!;
    const rows = denseRows(job);
    const levels = levelTable(quantizer);
    const digits = quantizer.packing.kind === "digits";
    return [
      {
        cost: denseCost(target, job, { code: 130, perWeight: digits ? 27 : 21, tables: tableBytes(levels) }),
        context: { ...rows, ...codeReader(quantizer.packing, "codes") },
      },
    ];
  },
  tables: (weights) => [packedRows(weights), levelTable(weights[0]!.quantizer)],
});

/** `levels[code]`, in the narrowest type that holds them. */
function levelTable({ levels }: Quantizer): Table {
  const largest = largestLevel(levels);
  return { name: "levels", element: largest < 128 ? "int8_t" : largest < 32768 ? "int16_t" : "int32_t", values: levels };
}
