import { parameterCount } from "../../ir/network.js";
import { defineClaim } from "../claim.js";

export default defineClaim({
  name: "parameters",
  summary: "How many weights the model has.",
  parameters: {},
  mode: "require",
  dimension: "none",
  decision: { by: "network", value: parameterCount },
});
