import { measure } from "../parameter.js";
import { defineAugmentation } from "../samples.js";

export default defineAugmentation({
  name: "jitter",
  summary: "Adds noise to every value: normal, with a deviation that is a share of the range.",
  parameters: { share: measure("share", "The standard deviation of the noise.", { least: 0, most: 1 }) },
  prepare: (_, { share }) => {
    const deviation = 255 * share;
    return (from, to, random) => {
      for (let i = 0; i < from.length; i++) {
        to[i] = Math.min(Math.max(Math.round(from[i]! + deviation * random.normal()), 0), 255);
      }
    };
  },
});
