import { defineQuantizer, oddNumbers, signMagnitude } from "../codebook/quantizer.js";

export default defineQuantizer({
  name: "5bitsym",
  summary: "Five bits, symmetric around zero, without a zero: ±½, ±1½ … ±15½.",
  levels: signMagnitude(oddNumbers(16)),
  fullScale: 32,
  packing: { kind: "bits", width: 5, word: 32 },
});
