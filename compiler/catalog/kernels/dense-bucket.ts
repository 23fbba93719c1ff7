import { ascending, ranks } from "../codebook-shape.js";
import { timesConstant } from "../c-expression.js";
import { codeReader, denseCost, denseRows, packedRows } from "../dense-rows.js";
import { defineKernel, type Table, tableBytes } from "../kernel.js";
import type { Quantizer } from "../quantizer.js";

export default defineKernel({
  name: "dense-bucket",
  summary: "Adds up the inputs of each level, then weighs the levels once a row; for any format, without a multiplier.",
  serves: ["dense"],
  bid: (job) => {
    const { quantizer } = job.weights[0]!;
    const rows = denseRows(job);
    const steps = stepTable(quantizer);
    const levels = quantizer.levels.length;
    const bits = Math.max(...steps.values).toString(2).length;
    return [
      {
        cost: denseCost(rows, {
          code: 180,
          perWeight: 20,
          perRow: levels * (20 + 8 * bits),
          tables: tableBytes(steps),
          scratch: 4 * levels,
        }),
        facts: {
          ...rows,
          before: "",
          ...codeReader(quantizer.packing, "codes"),
          levels,
          lowest: Math.min(...quantizer.levels),
          stepType: steps.element,
          base: timesConstant("inputs", Math.min(...quantizer.levels)),
        },
      },
    ];
  },
  tables: (weights) => [packedRows(weights, ranks(weights[0]!.quantizer.levels)), stepTable(weights[0]!.quantizer)],
});

/** How much each level but the lowest is above the one before. */
function stepTable({ levels }: Quantizer): Table {
  const sorted = ascending(levels);
  const steps = sorted.slice(1).map((level, i) => level - sorted[i]!);
  const largest = Math.max(...steps);
  return { name: "steps", element: largest < 256 ? "uint8_t" : largest < 65536 ? "uint16_t" : "uint32_t", values: steps };
}
