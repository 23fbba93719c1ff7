import { defineNorm, tiny } from "../norm.js";

/** The scale of layer normalisation (Ba et al. 2016, arXiv:1607.06450); its shift would not survive the integer path. */
export default defineNorm({
  name: "layer",
  summary: "LayerNorm without centring: divides each sample by the standard deviation of its features.",
  divisor: (on, input) => {
    const mean = on.featureMean(input);
    const variance = on.add(on.featureMean(on.square(input)), on.scale(on.square(mean), -1));
    // Rounding may leave the difference of squares a little below zero.
    return on.squareRoot(on.offset(on.relu(variance), tiny));
  },
});
