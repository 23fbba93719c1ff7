import { defineKernel } from "../kernel.js";
import { poolOffer } from "../pool-windows.js";

export default defineKernel({
  name: "maxpool-scan",
  summary: "Finds the largest value of each window. In place.",
  serves: ["maxpool"],
  channelwise: true,
  bid: (job) => [poolOffer(job, 172, 10, {})],
});
