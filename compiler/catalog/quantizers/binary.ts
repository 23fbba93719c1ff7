import { defineQuantizer } from "../codebook/quantizer.js";

export default defineQuantizer({
  name: "binary",
  summary: "One bit: which side of the layer's mean a weight is on.",
  levels: [-1, 1],
  fullScale: 1,
  center: "mean",
  scale: "mean-magnitude",
  packing: { kind: "bits", width: 1, word: 32 },
});
