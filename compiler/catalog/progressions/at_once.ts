import { defineProgression } from "../progression.js";

export default defineProgression({
  name: "at_once",
  summary: "All weights have the format that ships from the first step on.",
  parameters: {},
  formatAt: (_settings, { format }) => format,
});
