import { defineNorm, tiny } from "../norm.js";

/** Zhang and Sennrich 2019, arXiv:1910.07467, without gain. */
export default defineNorm({
  name: "rms",
  summary: "RMSNorm without a gain: divides each sample by its root mean square.",
  divisor: (on, input) => on.squareRoot(on.offset(on.featureMean(on.square(input)), tiny)),
});
