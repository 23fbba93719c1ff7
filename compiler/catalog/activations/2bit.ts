import { defineActivation, quantizeByShift } from "../activation.js";

export default defineActivation({
  name: "2bit",
  summary: "0 to 3, as the chip shifts.",
  bits: 2,
  quantize: (on, input) => quantizeByShift(on, input, 2),
});
