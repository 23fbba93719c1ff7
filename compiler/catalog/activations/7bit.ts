import { defineActivation, quantizeByShift } from "../activation.js";

export default defineActivation({
  name: "7bit",
  summary: "0 to 127, as the chip shifts.",
  bits: 7,
  quantize: (on, input) => quantizeByShift(on, input, 7),
});
