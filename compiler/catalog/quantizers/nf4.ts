import { defineQuantizer } from "../codebook/quantizer.js";

/** The quantiles of a normal distribution: NormalFloat4 (Dettmers et al. 2023, arXiv:2305.14314), in steps of 1/127. */
export default defineQuantizer({
  name: "nf4",
  summary: "NormalFloat, four bits: sixteen levels at the quantiles of normally distributed weights.",
  levels: [-127, -88, -67, -50, -36, -23, -12, 0, 10, 20, 31, 43, 56, 71, 92, 127],
  fullScale: 127,
  packing: { kind: "bits", width: 4, word: 32 },
});
