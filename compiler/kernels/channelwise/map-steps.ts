import type { Cost } from "../../ir/plan.js";
import { areaOf, channelsOf } from "../../catalog/shapes/feature-map.js";
import type { Job } from "../contract.js";

/** Values that one channel of a step's output has, and how many channels there are. */
export function channelSize({ writes }: Job): { readonly channels: number; readonly count: number } {
  const map = channelsOf(writes.shape);
  return { channels: map.channels, count: areaOf(map) };
}

/** Of a step without weights that runs channel by channel. */
export const channelCost = (job: Job, code: number, perValue: number): Cost => {
  const { channels, count } = channelSize(job);
  return { flash: { code, weights: 0 }, ram: { static: 0, stack: 16 }, cycles: channels * (30 + perValue * count) };
};
