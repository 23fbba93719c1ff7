import { defineNorm, tiny } from "../norm.js";

export default defineNorm({
  name: "lin",
  summary: "L1 norm: divides each sample by its mean magnitude.",
  divisor: (on, input) => on.offset(on.featureMean(on.abs(input)), tiny),
});
