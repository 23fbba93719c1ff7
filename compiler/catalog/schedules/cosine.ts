import { measure, number, optional } from "../parameter.js";
import { cosineBetween, defineSchedule } from "../training.js";

/** Loshchilov and Hutter 2016, arXiv:1608.03983, without restarts. */
export default defineSchedule({
  name: "cosine",
  summary: "Cosine annealing: falls from one rate to another along half a cosine, after an optional linear warm-up.",
  parameters: {
    from: number("The highest rate.", { least: 0 }),
    to: optional(number("The rate at the end.", { least: 0 }), 0),
    warm_up: optional(measure("epochs", "How long the rate climbs from zero first."), 0),
  },
  rateAt: ({ from, to, warm_up }, epoch, epochs) =>
    epoch < warm_up ? (from * epoch) / warm_up : cosineBetween(from, to, (epoch - warm_up) / (epochs - warm_up)),
});
