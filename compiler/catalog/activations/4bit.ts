import { defineActivation, quantizeByShift } from "../activation.js";

export default defineActivation({
  name: "4bit",
  summary: "0 to 15, as the chip shifts.",
  bits: 4,
  quantize: (on, input) => quantizeByShift(on, input, 4),
});
