import { optional, text, type ArgumentsOf } from "../parameter.js";

/** The settings of `deploy MODEL to TARGET { … }`. */
export const deployParameters = {
  entry: optional(text("The name of the emitted C function; empty for <model>_infer."), ""),
} as const;

export type DeploySettings = ArgumentsOf<typeof deployParameters>;
