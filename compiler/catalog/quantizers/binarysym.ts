import { defineQuantizer } from "../codebook/quantizer.js";

/** After BinaryConnect and XNOR-Net (Rastegari et al. 2016, arXiv:1603.05279): the sign, times the mean magnitude. */
export default defineQuantizer({
  name: "binarysym",
  summary: "One bit: the sign of a weight.",
  levels: [-1, 1],
  fullScale: 1,
  scale: "mean-magnitude",
  packing: { kind: "bits", width: 1, word: 32 },
});
