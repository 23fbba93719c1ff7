import { defineClaim } from "../claim.js";

export default defineClaim({
  name: "latency_bound",
  summary:
    "Estimated worst-case execution time on the simulated chip (a hybrid WCET bound): the longest path through the code, each piece of it as slow and as frequent as it ever was, with extreme values before each layer, too.",
  parameters: {},
  mode: "expect",
  dimension: "time",
  decision: { by: "simulation", value: ({ bound }) => bound() },
});
