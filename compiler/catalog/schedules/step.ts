import { measure, number, optional } from "../parameter.js";
import { defineSchedule } from "../training.js";

export default defineSchedule({
  name: "step",
  summary: "Step decay: multiplies the rate by a factor at regular intervals.",
  parameters: {
    from: number("The rate at the start.", { least: 0 }),
    every: measure("epochs", "How long each rate lasts.", { least: 1 }),
    by: optional(number("What the rate is multiplied by.", { least: 0 }), 0.5),
  },
  rateAt: ({ from, every, by }, epoch) => from * by ** Math.floor(epoch / every),
});
