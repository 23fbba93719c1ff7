import { choice, optional, text, type ArgumentsOf } from "../parameter.js";

/** The settings of `deploy MODEL to TARGET { … }`. */
export const deployParameters = {
  entry: optional(text("The name of the emitted C function; empty for <model>_infer."), ""),
  interrupts: optional(
    choice(["allowed", "disabled"], "Whether interrupts may come while the function runs; `disabled` is a little faster on some chips."),
    "allowed",
  ),
  input: optional(
    choice(["kept", "overwritten"], "Whether the caller's input is only read, or may be overwritten and serve as a buffer."),
    "kept",
  ),
} as const;

export type DeploySettings = ArgumentsOf<typeof deployParameters>;
