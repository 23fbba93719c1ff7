import { defineActivation, quantizeByShift } from "../activation.js";

export default defineActivation({
  name: "8bit_shift",
  summary: "0 to 127. Training divides each sample by the power of two that the chip shifts by, so that it sums what the chip sums.",
  bits: 8,
  quantize: (on, input) => quantizeByShift(on, input, 8),
});
