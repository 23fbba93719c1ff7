import { defineKernel } from "../contract.js";
import { poolOffer } from "./pool-windows.js";

export default defineKernel({
  name: "sumpool-windows",
  template: "channelwise/sumpool-windows",
  summary: "Sum pooling: accumulates each window. In place where sums are stored no wider than what is added.",
  serves: ["sumpool"],
  channelwise: true,
  bid: (job) => [poolOffer(job, 70, 8, {})],
});
