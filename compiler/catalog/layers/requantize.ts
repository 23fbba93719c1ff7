import { defineLayer } from "../layer.js";
import { signedActivations } from "../signed.js";

export default defineLayer({
  name: "requantize",
  summary:
    "Linear activation: sums become signed activations of the fixed range that the next layer reads, by the shift that training finds. " +
    "A depthwise convolution feeds a pointwise one through it, without `relu` between.",
  parameters: {},
  ...signedActivations({ of: (sum) => sum, train: (_on, sums) => sums, exact: (_on, sums) => sums }),
});
