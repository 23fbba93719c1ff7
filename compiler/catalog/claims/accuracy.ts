import { defineClaim } from "../claim.js";

export default defineClaim({
  name: "accuracy",
  summary: "The share of test samples that the integer model classifies correctly.",
  parameters: {},
  mode: "expect",
  dimension: "share",
  decision: { by: "evaluation", value: ({ correct, samples }) => correct / samples },
});
