import { number, optional } from "../parameter.js";
import { defineOptimizer } from "../training.js";

export default defineOptimizer({
  name: "sgd",
  summary: "Steps along the gradient, with momentum.",
  parameters: {
    momentum: optional(number("How much of the last step is taken again.", { least: 0, most: 0.99999 }), 0.9),
    decay: optional(number("Share of a weight that is lost per step at rate 1, whatever its gradient.", { least: 0 }), 0),
  },
  slots: 1,
  update: ({ momentum, decay }, { weights, slots }, gradient, rate) => {
    const velocity = slots[0]!;
    const keep = 1 - rate * decay;
    for (let i = 0; i < weights.length; i++) {
      velocity[i] = momentum * velocity[i]! + gradient[i]!;
      weights[i] = weights[i]! * keep - rate * velocity[i]!;
    }
  },
});
