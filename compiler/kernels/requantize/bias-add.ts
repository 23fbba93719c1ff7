import { elementBytes } from "../../ir/plan.js";
import { channelCost, channelSize } from "../channelwise/map-steps.js";
import { cTypes, defineKernel, mayOverlay } from "../contract.js";
import { biasTable, biasValues } from "./bias-table.js";

export default defineKernel({
  name: "bias-add",
  template: "requantize/bias-add",
  summary: "Adds a constant to each sum. In place.",
  serves: ["bias"],
  channelwise: true,
  bid: (job) => {
    const { reads, writes } = job.stored;
    const { bytes, ...bias } = biasTable(job)!;
    const cost = channelCost(job, 40, 14);
    return [
      {
        cost: { ...cost, flash: { ...cost.flash, weights: bytes } },
        context: { in: cTypes[reads], out: cTypes[writes], count: channelSize(job).count, ...bias },
        ...(bias.perChannel ? { row: 1 } : {}),
        ...(elementBytes[writes] <= elementBytes[reads] && mayOverlay(reads, writes) ? { overlays: true as const } : {}),
      },
    ];
  },
  tables: (_weights, context, [bias]) => [biasValues(context, bias!)],
});
