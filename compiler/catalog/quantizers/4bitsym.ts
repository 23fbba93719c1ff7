import { defineQuantizer, oddNumbers, signMagnitude } from "../codebook/quantizer.js";

export default defineQuantizer({
  name: "4bitsym",
  summary: "Four bits, symmetric around zero, without a zero: ±½, ±1½ … ±7½.",
  levels: signMagnitude(oddNumbers(8)),
  fullScale: 16,
  proportion: 0.25,
  packing: { kind: "bits", width: 4, word: 32 },
});
