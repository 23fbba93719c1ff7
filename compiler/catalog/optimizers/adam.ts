import { number, optional } from "../parameter.js";
import { defineOptimizer } from "../training.js";

/** Kingma and Ba 2014, arXiv:1412.6980, with the decoupled decay of Loshchilov and Hutter 2017, arXiv:1711.05101. */
export default defineOptimizer({
  name: "adam",
  summary: "Steps by the running mean of the gradient over its running root mean square.",
  parameters: {
    beta1: optional(number("How much of the running mean survives a step.", { least: 0, most: 0.99999 }), 0.9),
    beta2: optional(number("How much of the running mean square survives a step.", { least: 0, most: 0.99999 }), 0.999),
    epsilon: optional(number("Keeps the division defined.", { least: 0 }), 1e-8),
    decay: optional(number("Share of a weight that is lost per step at rate 1, whatever its gradient.", { least: 0 }), 0),
  },
  slots: 2,
  update: ({ beta1, beta2, epsilon, decay }, { weights, slots }, gradient, rate, step) => {
    const [mean, square] = slots as readonly [Float32Array, Float32Array];
    // Both averages start at zero; dividing by what they have seen so far takes that bias out.
    const stride = rate / (1 - beta1 ** step);
    const unbias = 1 / (1 - beta2 ** step);
    const keep = 1 - rate * decay;
    for (let i = 0; i < weights.length; i++) {
      const slope = gradient[i]!;
      const first = beta1 * mean[i]! + (1 - beta1) * slope;
      const second = beta2 * square[i]! + (1 - beta2) * slope * slope;
      mean[i] = first;
      square[i] = second;
      weights[i] = weights[i]! * keep - (stride * first) / (Math.sqrt(second * unbias) + epsilon);
    }
  },
});
