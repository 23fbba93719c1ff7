import { defineActivation, quantizeByShift } from "../activation.js";

export default defineActivation({
  name: "6bit",
  summary: "0 to 63, as the chip shifts.",
  bits: 6,
  quantize: (on, input) => quantizeByShift(on, input, 6),
});
