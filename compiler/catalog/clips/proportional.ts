import { meanMagnitude } from "../codebook/codebook.js";
import { choice, measure, number, optional } from "../parameter.js";
import { clipEach, defineClip, forever } from "../training.js";

export default defineClip({
  name: "proportional",
  summary: "Clips at a multiple of the mean magnitude of a layer, or of the largest of each output.",
  parameters: {
    scale: optional(number("What the magnitude is divided by.", { least: 0.001 }), 0.25),
    per: optional(choice(["tensor", "output"], "Whether a layer has one scalar, or one for each output."), "tensor"),
    until: optional(measure("epochs", "After how many epochs the scalars stay as they are."), forever),
  },
  clipOf: ({ scale, per }, values, rows) =>
    clipEach(per, values, rows, (part) => (per === "tensor" ? meanMagnitude(part) : largestMagnitude(part)) / scale),
  until: ({ until }) => until,
});

function largestMagnitude(values: Float32Array): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  return largest;
}
