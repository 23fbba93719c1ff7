import { defineClaim } from "../claim.js";

export default defineClaim({
  name: "worst_latency",
  summary: "Longest time found on the simulated chip: among the test samples, and by a search for inputs that are slower still.",
  parameters: {},
  mode: "expect",
  dimension: "time",
  decision: { by: "simulation", value: ({ slowest }) => slowest() },
});
