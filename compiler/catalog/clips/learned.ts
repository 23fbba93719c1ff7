import { number, optional } from "../parameter.js";
import { defineClip } from "../training.js";
import octav from "./octav.js";

/** Esser et al. 2019, arXiv:1902.08153, with scalars that change by factors and begin where `octav` puts them. */
export default defineClip({
  name: "learned",
  summary: "Learned step size (LSQ): trains the clipping scalar of each layer together with its weights.",
  parameters: {
    speed: optional(number("The learning rate of the scalars, as a multiple of that of the weights.", { least: 0 }), 1),
  },
  clipOf: (_settings, values, rows, quantizer) => octav.clipOf({ per: "tensor", until: 1 }, values, rows, quantizer),
  until: () => 1,
  learning: {
    speed: ({ speed }) => speed,
    // A rounded weight is its level times the scalar; a weight beyond the levels keeps its level.
    differentiate: (on, { scaled, level, lowest, highest }) => {
      const keeps = on.within(scaled, lowest, highest);
      return { growth: on.subtract(level, on.multiply(keeps, scaled)), keeps };
    },
  },
});
