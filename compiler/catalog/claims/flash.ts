import { flashOf } from "../../ir/plan.js";
import { defineClaim } from "../claim.js";

export default defineClaim({
  name: "flash",
  summary: "Flash for code, weights and tables.",
  parameters: {},
  mode: "require",
  dimension: "size",
  decision: { by: "plan", memory: "flash", value: flashOf },
});
