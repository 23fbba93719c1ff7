import type { Helper } from "../../ir/plan.js";
import { sizeOf } from "../../ir/types.js";
import { defineKernel, type Offer } from "../contract.js";

const fromRam: Helper = { name: "rescale_quickly", template: "requantize/routines/rescale", facts: {}, code: 120, resident: true };

export default defineKernel({
  name: "relu-rescale",
  template: "requantize/relu-rescale",
  summary: "Clears what is negative and shifts the rest down to seven bits, as far as the largest value needs; in place.",
  serves: ["relu"],
  bid: ({ reads, writes }, target) => {
    if (reads.element !== "i32" || writes.element !== "i8") return [];
    const count = sizeOf(reads.shape);
    const flash: Offer = {
      cost: { flash: { code: 24, weights: 0 }, ram: { static: 0, stack: 0 }, cycles: 80 + 40 * count },
      facts: { quick: false },
      routine: { name: "rescale", code: 100, arguments: [String(count)] },
      overlays: true,
    };
    if (target.chip === undefined) return [flash];
    const resident: Offer = {
      cost: { flash: { code: 24, weights: 0 }, ram: { static: 0, stack: 16 }, cycles: 90 + 22 * count },
      facts: { quick: true },
      variant: "from RAM",
      routine: { name: "rescale_in_place", code: 12, arguments: [String(count)] },
      helpers: [fromRam],
      overlays: true,
    };
    return [resident, flash];
  },
});
