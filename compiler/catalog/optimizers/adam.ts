import { number, optional } from "../parameter.js";
import { defineOptimizer } from "../training.js";

/** Kingma and Ba 2014, arXiv:1412.6980, with the decoupled decay of Loshchilov and Hutter 2017, arXiv:1711.05101. */
export default defineOptimizer({
  name: "adam",
  summary: "Adam, with decoupled weight decay (AdamW): steps by the running mean of the gradient over its running root mean square.",
  parameters: {
    beta1: optional(number("How much of the running mean survives a step.", { least: 0, most: 0.99999 }), 0.9),
    beta2: optional(number("How much of the running mean square survives a step.", { least: 0, most: 0.99999 }), 0.999),
    epsilon: optional(number("Keeps the division defined.", { least: 0 }), 1e-8),
    decay: optional(number("Share of a weight that is lost per step at rate 1, whatever its gradient.", { least: 0 }), 0),
  },
  slots: 2,
  // Both averages start at zero; dividing by what they have seen so far takes that bias out.
  constants: ({ beta1, beta2, epsilon, decay }, rate, step) => ({
    beta1,
    fresh1: 1 - beta1,
    beta2,
    fresh2: 1 - beta2,
    epsilon,
    keep: 1 - rate * decay,
    stride: rate / (1 - beta1 ** step),
    unbias: Math.sqrt(1 / (1 - beta2 ** step)),
  }),
  update: (on, { weight, slots }, gradient, { beta1, fresh1, beta2, fresh2, epsilon, keep, stride, unbias }) => {
    const mean = on.add(on.multiply(beta1, slots[0]!), on.multiply(fresh1, gradient));
    const square = on.add(on.multiply(beta2, slots[1]!), on.multiply(fresh2, on.multiply(gradient, gradient)));
    const deviation = on.add(on.multiply(on.squareRoot(square), unbias), epsilon);
    return { weight: on.subtract(on.multiply(weight, keep), on.divide(on.multiply(stride, mean), deviation)), slots: [mean, square] };
  },
});
