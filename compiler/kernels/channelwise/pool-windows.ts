import { elementBytes } from "../../ir/plan.js";
import { channelsOf } from "../../catalog/shapes/feature-map.js";
import { poolWindow } from "../../catalog/shapes/pool.js";
import { cTypes, type Job, mayOverlay, type Offer } from "../contract.js";
import { channelCost } from "./map-steps.js";

/** The offer of a kernel that joins the values of each window; `perValue` are the cycles of one of them. */
export function poolOffer(job: Job, code: number, perValue: number, context: object): Offer {
  const { reads, layers, stored } = job;
  const input = channelsOf(reads.shape);
  const output = channelsOf(layers[0]!.type.shape);
  const { height, width } = poolWindow(reads, Number(layers[0]!.attributes["size"]));
  return {
    cost: channelCost(job, code, 14 + perValue * height * width),
    context: {
      ...context,
      in: cTypes[stored.reads],
      out: cTypes[stored.writes],
      size: `${height} x ${width}`,
      of: `${input.height} x ${input.width}`,
      band: height * input.width,
      bands: output.height * height * input.width,
      width,
      corners: output.width * width,
      line: input.width,
    },
    // A window is read before its value is written, and lies no earlier than the place of that value.
    ...(elementBytes[stored.writes] <= elementBytes[stored.reads] && mayOverlay(stored.reads, stored.writes)
      ? { overlays: true as const }
      : {}),
  };
}
