import { elementBytes } from "../../ir/plan.js";
import { cTypes, defineKernel, mayOverlay } from "../contract.js";
import { channelCost, channelSize } from "./map-steps.js";

export default defineKernel({
  name: "add-values",
  template: "channelwise/add-values",
  summary: "Elementwise addition.",
  serves: ["add"],
  channelwise: true,
  bid: (job) => {
    const { reads, extraInputs, writes } = job.stored;
    return [
      {
        cost: channelCost(job, 54, 13),
        context: { in: cTypes[reads], other: cTypes[extraInputs[0]!], out: cTypes[writes], count: channelSize(job).count },
        ...(elementBytes[writes] <= elementBytes[reads] && mayOverlay(reads, writes) ? { overlays: true as const } : {}),
      },
    ];
  },
});
