import { defineActivation, quantizeByShift } from "../activation.js";

export default defineActivation({
  name: "3bit",
  summary: "0 to 7, as the chip shifts.",
  bits: 3,
  quantize: (on, input) => quantizeByShift(on, input, 3),
});
