import { measure, number, optional } from "../parameter.js";
import { definePruning } from "../pruning.js";

export default definePruning({
  name: "masked",
  summary: "Structured pruning with learned masks: layers begin with more neurons or channels; those with the smallest masks are removed.",
  parameters: {
    surplus: measure("share", "How many more a layer begins with, of those that ship.", { least: 0, most: 3 }),
    until: measure("epochs", "How long the masks are learned; the epochs after that are for the network that is left.", { least: 1 }),
    price: optional(number("What the loss pays for each open mask; it closes those that earn less.", { least: 0 }), 0.1),
  },
  outputsAt: ({ surplus, until }, shipped, epoch) => shipped + (epoch < until ? Math.round(shipped * surplus) : 0),
  price: ({ price }) => price,
});
