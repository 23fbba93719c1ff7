import { defineKernel } from "../contract.js";
import { poolOffer } from "./pool-windows.js";

export default defineKernel({
  name: "maxpool-scan",
  template: "channelwise/maxpool-scan",
  summary: "Max pooling, in place.",
  serves: ["maxpool"],
  channelwise: true,
  bid: (job) => [poolOffer(job, 172, 10, {})],
});
