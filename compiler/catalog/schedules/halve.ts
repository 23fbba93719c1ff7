import { measure, number } from "../parameter.js";
import { defineSchedule } from "../training.js";

export default defineSchedule({
  name: "halve",
  summary: "Keeps one rate, and half of it from a given epoch on.",
  parameters: {
    from: number("The rate at the start.", { least: 0 }),
    at: measure("epochs", "How many epochs pass before the rate is halved."),
  },
  rateAt: ({ from, at }, epoch) => (epoch < at ? from : from / 2),
});
