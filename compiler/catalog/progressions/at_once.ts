import { defineProgression } from "../progression.js";

export default defineProgression({
  name: "at_once",
  summary: "Quantization-aware from the first step on: weights have the format that ships throughout.",
  parameters: {},
  formatAt: (_settings, { format }) => format,
});
