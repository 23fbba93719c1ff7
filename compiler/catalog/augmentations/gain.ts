import { measure } from "../parameter.js";
import { defineAugmentation } from "../samples.js";
import { seriesSides } from "../series/sides.js";

export default defineAugmentation({
  name: "gain",
  summary: "Scales the amplitude of each feature of a series: 10% draws a factor between 0.9 and 1.1 for each.",
  parameters: { share: measure("share", "The largest change.", { least: 0, most: 0.9 }) },
  prepare: (originals, { share }) => {
    const [, features] = seriesSides("gain", originals);
    const factors = new Float32Array(features);
    return (from, to, random) => {
      for (let i = 0; i < features; i++) factors[i] = random.between(1 - share, 1 + share);
      for (let i = 0; i < from.length; i++) to[i] = from[i]! * factors[i % features]!;
    };
  },
});
