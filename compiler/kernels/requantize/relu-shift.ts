import { elementBytes } from "../../ir/plan.js";
import { cTypes, defineKernel, mayOverlay } from "../contract.js";
import { channelCost, channelSize } from "../channelwise/map-steps.js";
import { wideShift } from "../../catalog/wide.js";

export default defineKernel({
  name: "relu-shift",
  template: "requantize/relu-shift",
  summary: "Clears what is negative and shifts the rest right by a fixed number of bits; values stay wider than i8. In place.",
  serves: ["relu"],
  channelwise: true,
  bid: (job) => {
    if (job.writes.element !== "i32") return [];
    const { reads, writes } = job.stored;
    return [
      {
        cost: channelCost(job, 46, 17),
        context: { in: cTypes[reads], out: cTypes[writes], count: channelSize(job).count, shift: wideShift },
        ...(elementBytes[writes] <= elementBytes[reads] && mayOverlay(reads, writes) ? { overlays: true as const } : {}),
      },
    ];
  },
});
