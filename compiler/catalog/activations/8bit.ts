import { defineActivation, mostSum } from "../activation.js";

export default defineActivation({
  name: "8bit",
  summary: "0 to 127. Training scales each sample so that its largest magnitude is 127.",
  bits: 8,
  quantize: (on, { integers, scale }) => {
    const largest = on.clamp(on.featureMax(on.abs(integers)), 1, mostSum);
    const factor = on.constant(on.divide(on.literal(127), largest));
    const quantized = on.constant(on.divide(scale, factor));
    return {
      integers: on.straightThrough(on.round(on.multiply(integers, factor)), on.divide(on.multiply(integers, scale), quantized)),
      scale: quantized,
    };
  },
});
