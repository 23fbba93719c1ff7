import { addBounds, everywhere, hull } from "../shapes/bounds.js";
import { featureMap } from "../shapes/feature-map.js";
import { defineLayer, ownChannel } from "../layer.js";

export default defineLayer({
  name: "bias",
  summary: "Adds a constant to each output of the layer before, as `bias: yes` of that layer says.",
  parameters: {},
  implied: true,
  reads: () => "i32",
  infer: ([input]) => input!,
  constants: ({ shape }) => [shape.at(-1)!],
  channelwise: () => ownChannel,
  monotonic: true,
  train: (on, { inputs: [input], weights }) => on.addBias(input!, weights!),
  reference: ({ inputs: [input], weights }) => {
    const area = input!.length / weights.length;
    return input!.map((sum, i) => sum + weights[Math.floor(i / area)]!);
  },
  exact: (on, { inputs: [input], weights }) => on.addBias(input!, weights),
  bounds: ({ inputs: [input], weights, outputType: { shape } }) => {
    const added =
      weights.kind === "levels" ? { low: [...weights.values], high: [...weights.values] } : everywhere(weights.low, weights.high);
    // The units of a vector share one interval.
    return featureMap(shape) === undefined ? hull(addBounds(input!, hull(added))) : addBounds(input!, added);
  },
});
