import { defineActivation, quantizeByShift } from "../activation.js";

export default defineActivation({
  name: "5bit",
  summary: "0 to 31, as the chip shifts.",
  bits: 5,
  quantize: (on, input) => quantizeByShift(on, input, 5),
});
