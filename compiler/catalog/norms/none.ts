import { defineNorm } from "../norm.js";

export default defineNorm({
  name: "none",
  summary: "Leaves the input as it is.",
});
