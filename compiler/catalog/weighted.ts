import { choice, entryName, inherited, optional } from "./parameter.js";

/** The parameters that all layers with weights share. */
export const weightedParameters = {
  weights: inherited(entryName("quantizers", "Weight format.")),
  norm: inherited(
    optional(
      entryName("norms", "How the input is normalized while training, where its range is the sample's; `none` reads i32 sums as they are."),
      "rms",
    ),
  ),
  activations: inherited(optional(entryName("activations", "How many bits the input has."), "8bit")),
  range: inherited(
    optional(
      choice(
        ["sample", "fixed"],
        "Who picks the shift by which sums become the input: each sample (dynamic quantization), or training, once for all (static).",
      ),
      "fixed",
    ),
  ),
  bias: inherited(
    optional(
      choice(["auto", "no", "yes"], "Whether a constant is added to each output; it needs `range: fixed`, where `auto` adds one."),
      "auto",
    ),
  ),
};

/** The settings of a layer with `bias: auto` decided. */
export function withBias<A extends Readonly<Record<string, unknown>>>(attributes: A): A {
  const { bias, range } = attributes;
  return bias === "auto" ? { ...attributes, bias: range === "fixed" ? "yes" : "no" } : attributes;
}
