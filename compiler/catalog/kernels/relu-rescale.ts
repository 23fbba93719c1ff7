import { sizeOf } from "../../ir/types.js";
import { defineKernel } from "../kernel.js";

export default defineKernel({
  name: "relu-rescale",
  summary: "Clears what is negative and shifts the rest down to seven bits, as far as the largest value needs; in place.",
  serves: ["relu"],
  bid: ({ reads, writes }) => {
    if (reads.element !== "i32" || writes.element !== "i8") return [];
    const count = sizeOf(reads.shape);
    return [
      {
        cost: { flash: { code: 24, weights: 0 }, ram: { static: 0, stack: 0 }, cycles: 80 + 22 * count },
        facts: {},
        routine: { name: "rescale", code: 90, arguments: [String(count)] },
        overlays: true,
      },
    ];
  },
});
