import { entryName, measure, optional } from "../parameter.js";
import { defineProgression } from "../progression.js";

export default defineProgression({
  name: "by_layer",
  summary:
    "Progressive quantization: weights begin in a wider format, and layer by layer, from the input on, change to the one that ships.",
  parameters: {
    after: measure("epochs", "How long the first layer has the wider format.", { least: 0 }),
    every: measure("epochs", "How long it takes from one layer to the next.", { least: 1 }),
    first: optional(entryName("quantizers", "The wider format; `8bit` is as good as floats."), "8bit"),
  },
  formatAt: ({ after, every, first }, { format, index }, epoch) => (epoch < after + index * every ? first : format),
});
