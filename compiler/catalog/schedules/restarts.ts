import { measure, number, optional } from "../parameter.js";
import { cosineBetween, defineSchedule } from "../training.js";

/** Loshchilov and Hutter 2016, arXiv:1608.03983. */
export default defineSchedule({
  name: "restarts",
  summary: "Cosine annealing with warm restarts (SGDR): falls again and again, each time perhaps from lower or for longer.",
  parameters: {
    from: number("The highest rate.", { least: 0 }),
    to: optional(number("The rate at the end of each fall.", { least: 0 }), 0),
    every: measure("epochs", "How long the first fall takes.", { least: 1 }),
    by: optional(number("What the highest rate is multiplied by at each restart.", { least: 0 }), 1),
    longer: optional(number("What the length of a fall is multiplied by at each restart.", { least: 1 }), 1),
  },
  rateAt: ({ from, to, every, by, longer }, epoch) => {
    let start = 0;
    let length = every;
    let highest = from;
    while (epoch >= start + length) {
      start += length;
      length *= longer;
      highest *= by;
    }
    return cosineBetween(highest, to, (epoch - start) / length);
  },
});
