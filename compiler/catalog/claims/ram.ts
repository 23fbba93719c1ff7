import { ramOf } from "../../ir/plan.js";
import { defineClaim } from "../claim.js";

export default defineClaim({
  name: "ram",
  summary: "RAM for the input, static buffers and the deepest stack.",
  parameters: {},
  mode: "require",
  dimension: "size",
  decision: { by: "plan", memory: "ram", value: ramOf },
});
