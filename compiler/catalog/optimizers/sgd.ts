import { number, optional } from "../parameter.js";
import { defineOptimizer } from "../training.js";

export default defineOptimizer({
  name: "sgd",
  summary: "Stochastic gradient descent with momentum.",
  parameters: {
    momentum: optional(number("How much of the last step is taken again.", { least: 0, most: 0.99999 }), 0.9),
    decay: optional(number("Share of a weight that is lost per step at rate 1, whatever its gradient.", { least: 0 }), 0),
  },
  slots: 1,
  constants: ({ momentum, decay }, rate) => ({ momentum, keep: 1 - rate * decay, rate }),
  update: (on, { weight, slots }, gradient, { momentum, keep, rate }) => {
    const velocity = on.add(on.multiply(momentum, slots[0]!), gradient);
    return { weight: on.subtract(on.multiply(weight, keep), on.multiply(rate, velocity)), slots: [velocity] };
  },
});
