import { defineQuantizer, twosComplement } from "../codebook/quantizer.js";

export default defineQuantizer({
  name: "8bit",
  summary: "Eight bits in two's complement: whole numbers from -128 to 127.",
  levels: twosComplement(8),
  fullScale: 128,
  packing: { kind: "bits", width: 8, word: 32 },
});
