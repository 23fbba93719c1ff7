import { defineQuantizer, fewDigits } from "../codebook/quantizer.js";

export default defineQuantizer({
  name: "csd2",
  summary: "Six bits: numbers from -64 to 63 with at most two canonical signed digits (CSD), so that a weight takes two additions.",
  levels: fewDigits(7, 2),
  fullScale: 64,
  packing: { kind: "bits", width: 6, word: 32 },
});
