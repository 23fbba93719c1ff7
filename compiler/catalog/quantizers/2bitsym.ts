import { defineQuantizer, oddNumbers, signMagnitude } from "../codebook/quantizer.js";

export default defineQuantizer({
  name: "2bitsym",
  summary: "Two bits, symmetric around zero, without a zero: ±½, ±1½.",
  levels: signMagnitude(oddNumbers(2)),
  fullScale: 4,
  proportion: 0.5,
  packing: { kind: "bits", width: 2, word: 32 },
});
