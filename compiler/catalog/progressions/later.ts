import { entryName, list, measure, optional } from "../parameter.js";
import { defineProgression } from "../progression.js";

export default defineProgression({
  name: "later",
  summary: "Weights begin in a wider format, and all change to the one that ships at the same epoch.",
  parameters: {
    after: measure("epochs", "How long the wider format lasts.", { least: 1 }),
    first: optional(entryName("quantizers", "The wider format; `8bit` is as good as floats."), "8bit"),
    only: optional(
      list(entryName("quantizers", "A format."), "The formats that are begun in the wider one; all of them if the list is empty.", 0),
      [],
    ),
  },
  formatAt: ({ after, first, only }, { format }, epoch) => (epoch < after && (only.length === 0 || only.includes(format)) ? first : format),
});
