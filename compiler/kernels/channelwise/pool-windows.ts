import { elementBytes } from "../../ir/plan.js";
import { channelsOf } from "../../catalog/shapes/feature-map.js";
import { cTypes, type Job, mayOverlay, type Offer } from "../contract.js";
import { channelCost } from "./map-steps.js";

/** The offer of a kernel that joins the values of each window; `perValue` are the cycles of one of them. */
export function poolOffer(job: Job, code: number, perValue: number, context: object): Offer {
  const { reads, layers, stored } = job;
  const input = channelsOf(reads.shape);
  const output = channelsOf(layers[0]!.type.shape);
  const size = Number(layers[0]!.attributes["size"]);
  const width = reads.shape.length === 3 ? size : 1;
  return {
    cost: channelCost(job, code, 14 + perValue * size * width),
    context: {
      ...context,
      in: cTypes[stored.reads],
      out: cTypes[stored.writes],
      size: `${size} x ${width}`,
      of: `${input.height} x ${input.width}`,
      band: size * input.width,
      bands: output.height * size * input.width,
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
