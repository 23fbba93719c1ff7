import { defineQuantizer, fewDigits } from "../codebook/quantizer.js";

export default defineQuantizer({
  name: "pow2",
  summary: "Four bits, zero and powers of two: 0, ±1, ±2, ±4 … ±64, and -128: one shift and one addition a weight.",
  levels: fewDigits(8, 1),
  fullScale: 128,
  packing: { kind: "bits", width: 4, word: 32 },
});
