import { defineQuantizer, fewDigits } from "../codebook/quantizer.js";

export default defineQuantizer({
  name: "pow2",
  summary: "Four bits, powers of two and zero: 0, ±1, ±2, ±4 … ±64, and -128: one addition a weight.",
  levels: fewDigits(8, 1),
  fullScale: 128,
  packing: { kind: "bits", width: 4, word: 32 },
});
