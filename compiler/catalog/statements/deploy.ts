import { choice, optional, text, type ArgumentsOf } from "../parameter.js";

/** The settings of `deploy MODEL to TARGET { … }`. */
export const deployParameters = {
  entry: optional(text("The name of the emitted C function; empty for <model>_infer."), ""),
  interrupts: optional(
    choice(["allowed", "disabled"], "Whether interrupts may come while the function runs; `disabled` is a little faster on some chips."),
    "allowed",
  ),
  input: optional(
    choice(
      ["kept", "overwritten"],
      "Whether the input is only read; where it may be overwritten, values that come of it may take its place.",
    ),
    "kept",
  ),
} as const;

export type DeploySettings = ArgumentsOf<typeof deployParameters>;
