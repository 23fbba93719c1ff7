import { defineDiagnostics, say } from "#grammar/diagnostic.js";

/** Everything that can be wrong with a sound model on a particular target. */
export const problem = defineDiagnostics({
  "no-kernel": {
    severity: "error",
    message: say`no kernel on ${"target"} can run \`${"layer"}\` (${"what"})`,
    why: "A kernel is the C of one or several layers. Kernels look at the operation, its weight format and the target, and none made an offer for this one.",
  },
  "sum-overflow": {
    severity: "error",
    message: say`the accumulators of \`${"layer"}\` may reach ${"largest"}; they must stay below ${"limit"}`,
    why: "Accumulators are int32 and never overflow: the largest level times the largest input, summed over all inputs, must fit, with room for rounding.",
  },
  "bad-entry": {
    severity: "error",
    message: say`\`${"entry"}\` cannot be the name of a C function`,
    why: "`entry:` becomes the name of the function that the emitted header declares: letters, digits and underscores, no keyword, and no name that C's headers, the emitted files or the demo have.",
  },
  "malformed-target": {
    severity: "error",
    message: say`this is not YAML: ${"message"}`,
    why: "A chip is described by a target.yaml; its fields are those of the chips that come with bnmc.",
  },
  "wrong-target-field": {
    severity: "error",
    message: say`\`${"field"}\` must be ${"expected"}`,
    why: "A target states its summary, core, whether it multiplies, and its compiler; chips also their memory, clock and what runs their programs.",
  },
  "unknown-target-field": {
    severity: "error",
    message: say`a target has no field \`${"field"}\``,
    why: "Fields that nothing reads are mistakes, most often misspelt.",
  },
  "malformed-tuning": {
    severity: "error",
    message: say`this file of \`bnmc tune\` cannot be read: ${"what"}`,
    why: "What was measured of a model's kernels lies beside it in `<model>.tune.yaml`. The file is written by a command, not by hand.",
  },
  "stale-tuning": {
    severity: "warning",
    message: say`the measured choice of kernels is not used, estimates decide: ${"reason"}`,
    why: "Measurements are of one network on one target with the kernels of their day. When one of them has changed, another choice may be better, or this one impossible.",
  },
  "flash-budget": {
    severity: "error",
    message: say`${"model"} needs ${"needed"} of flash on ${"target"}; ${"limit"}`,
    why: "Weights, tables and code lie in flash. Weights are counted exactly, code is estimated for -Os.",
  },
  "ram-budget": {
    severity: "error",
    message: say`${"model"} needs ${"needed"} of RAM on ${"target"}; ${"limit"}`,
    why: "The input, the arena of tensors between layers and the stack share the RAM.",
  },
});
