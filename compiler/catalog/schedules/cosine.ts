import { measure, number, optional } from "../parameter.js";
import { cosineBetween, defineSchedule } from "../training.js";

/** Loshchilov and Hutter 2016, arXiv:1608.03983, without restarts. */
export default defineSchedule({
  name: "cosine",
  summary:
    "Cosine annealing: falls from one rate to another along half a cosine, after an optional linear warm-up; all rates from a given epoch on may be halved.",
  parameters: {
    from: number("The highest rate.", { least: 0 }),
    to: optional(number("The rate at the end.", { least: 0 }), 0),
    warm_up: optional(measure("epochs", "How long the rate climbs from zero first."), 0),
    halve_at: optional(measure("epochs", "How many epochs pass before the rate is halved, beside its fall; 0 for never."), 0),
  },
  rateAt: ({ from, to, warm_up, halve_at }, epoch, epochs) => {
    const rate = epoch < warm_up ? (from * epoch) / warm_up : cosineBetween(from, to, (epoch - warm_up) / (epochs - warm_up));
    return halve_at > 0 && epoch >= halve_at ? rate / 2 : rate;
  },
});
