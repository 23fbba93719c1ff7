import { defineQuantizer } from "../codebook/quantizer.js";

/** After the weights of BitNet b1.58 (Ma et al. 2024, arXiv:2402.17764). */
export default defineQuantizer({
  name: "ternary",
  summary: "Minus one, zero or one: 1.6 bits, ten weights to a half-word.",
  levels: [-1, 0, 1],
  fullScale: 1,
  scale: "mean-magnitude",
  packing: { kind: "digits", base: 3, count: 10, word: 16 },
});
