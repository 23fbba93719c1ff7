import { defineQuantizer, signMagnitude } from "../codebook/quantizer.js";

export default defineQuantizer({
  name: "fp130",
  summary: "Four-bit floating point, FP1.3.0: a sign, three bits of exponent, no mantissa: ±1, ±2, ±4 … ±128.",
  levels: signMagnitude(Array.from({ length: 8 }, (_, exponent) => 2 ** exponent)),
  fullScale: 128,
  boundary: "floor",
  proportion: 0.125,
  packing: { kind: "bits", width: 4, word: 32 },
});
