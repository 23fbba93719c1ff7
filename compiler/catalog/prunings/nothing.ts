import { definePruning } from "../pruning.js";

export default definePruning({
  name: "nothing",
  summary: "No pruning: layers have the outputs that ship from the first step on.",
  parameters: {},
  outputsAt: (_settings, shipped) => shipped,
  price: () => 0,
});
