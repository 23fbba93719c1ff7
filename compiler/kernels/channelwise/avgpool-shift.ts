import { areaOf } from "../../catalog/shapes/feature-map.js";
import { poolWindow } from "../../catalog/shapes/pool.js";
import { defineKernel } from "../contract.js";
import { poolOffer } from "./pool-windows.js";

export default defineKernel({
  name: "avgpool-shift",
  template: "channelwise/avgpool-shift",
  summary: "Average pooling: accumulates each window and shifts the sum right. In place.",
  serves: ["avgpool"],
  channelwise: true,
  bid: (job) => {
    const taps = areaOf(poolWindow(job.reads, Number(job.layers[0]!.attributes["size"])));
    return [poolOffer(job, 72, 8, { shift: Math.log2(taps) })];
  },
});
