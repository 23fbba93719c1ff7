import { defineClaim } from "../claim.js";
import { text } from "../parameter.js";

export default defineClaim({
  name: "recall",
  summary: "The share of one class's test samples that the integer model recognises.",
  parameters: { class: text("The class's name.") },
  mode: "expect",
  dimension: "share",
  decision: {
    by: "evaluation",
    value: ({ classes, confusion }, settings) => {
      const truth = classes.indexOf(settings.class);
      const row = confusion[truth] ?? [];
      return (row[truth] ?? 0) / row.reduce((sum, times) => sum + times, 0);
    },
  },
});
