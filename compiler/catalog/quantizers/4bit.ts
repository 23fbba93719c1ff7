import { defineQuantizer, twosComplement } from "../codebook/quantizer.js";

export default defineQuantizer({
  name: "4bit",
  summary: "Four bits in two's complement: whole numbers from -8 to 7.",
  levels: twosComplement(4),
  fullScale: 8,
  proportion: 0.25,
  packing: { kind: "bits", width: 4, word: 32 },
});
