import { choice, measure, optional } from "../parameter.js";
import { clipEach, defineClip, forever } from "../training.js";
import { meanMagnitude } from "../codebook/codebook.js";

/** Newton's iteration settles within these many steps for any weights seen in practice. */
const steps = 10;

/** Sakr et al. 2022, arXiv:2206.06501: the scalar at which clipping and rounding together cost the least. */
export default defineClip({
  name: "octav",
  summary: "OCTAV: the clipping scalar with the least mean squared error, of clipping and of rounding together.",
  parameters: {
    until: optional(measure("epochs", "After how many epochs the scalars stay as they are."), forever),
    per: optional(choice(["tensor", "output"], "Whether a layer has one scalar, or one for each output."), "tensor"),
  },
  clipOf: ({ per }, values, rows, quantizer) => clipEach(per, values, rows, (part) => octav(part, quantizer.levels.length)),
  until: ({ until }) => until,
});

function octav(values: Float32Array, levels: number): number {
  // Rounding to `levels` = 2^bits steps errs by clip² · 4^-bits / 3 on average.
  const rounding = levels ** -2 / 3;
  let clip = 0.25 * meanMagnitude(values);
  for (let step = 0; step < steps; step++) {
    const next = newton(values, clip, rounding);
    // Nothing lies above the scalar: it covers all weights already.
    if (!(next > 0)) break;
    clip = next;
  }
  return clip;
}

function newton(values: Float32Array, clip: number, rounding: number): number {
  let sumAbove = 0;
  let countAbove = 0;
  for (const value of values) {
    const magnitude = Math.abs(value);
    if (magnitude > clip) {
      sumAbove += magnitude;
      countAbove++;
    }
  }
  return sumAbove / (rounding * (values.length - countAbove) + countAbove);
}
