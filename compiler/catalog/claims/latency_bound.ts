import { defineClaim } from "../claim.js";

export default defineClaim({
  name: "latency_bound",
  summary:
    "Time that no path through the code exceeds on the simulated chip, each piece of it as slow and as frequent as it ever was, with extreme values before each layer, too.",
  parameters: {},
  mode: "expect",
  dimension: "time",
  decision: { by: "simulation", value: ({ bound }) => bound() },
});
