import { defineQuantizer, fewDigits } from "../codebook/quantizer.js";

export default defineQuantizer({
  name: "csd2",
  summary: "Six bits, sums of two powers of two with signs, from -64 to 63: two additions a weight.",
  levels: fewDigits(7, 2),
  fullScale: 64,
  packing: { kind: "bits", width: 6, word: 32 },
});
