import { defineActivation, quantizeByShift } from "../activation.js";

export default defineActivation({
  name: "1bit",
  summary: "0 or 1, as the chip shifts.",
  bits: 1,
  quantize: (on, input) => quantizeByShift(on, input, 1),
});
