import { defineClaim } from "../claim.js";

export default defineClaim({
  name: "latency",
  summary: "Mean time of one inference on the simulated chip.",
  parameters: {},
  mode: "expect",
  dimension: "time",
  decision: { by: "simulation", value: ({ mean }) => mean },
});
