import { defineNorm, tiny } from "../norm.js";

/** The scale of batch normalisation (Ioffe and Szegedy 2015, arXiv:1502.03167), one number for all features. */
export default defineNorm({
  name: "batch",
  summary: "BatchNorm's scale without its shift and running statistics: divides the whole batch by its root mean square.",
  divisor: (on, input) => on.squareRoot(on.offset(on.mean(on.square(input)), tiny)),
});
