/**
 * The whole compiler, in reading order: text to tree, tree to meaning, meaning to a plan for one chip, plan to C.
 * Pure: no clock, no disk, no randomness; the same input gives the same bytes.
 */
export { load, type Program } from "./elaborate/load.js";
export { elaborate, type ElaborateOptions } from "./elaborate/elaborate.js";
export { quantizeWeights } from "./catalog/integers.js";
export { interpreter, classOf } from "./reference/run.js";
export { printModule, printNetwork, printSettings } from "./ir/print.js";
