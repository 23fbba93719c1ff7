import type { EngineFactory } from "../engine.js";

interface EngineEntry {
  readonly summary: string;
  readonly start: EngineFactory;
}

/** What executes training steps, by the name that `--engine` takes, the quickest first; each is loaded when it is used. */
export const engines = {
  fused: {
    summary: "a step compiled to WebAssembly for this network",
    start: async (task) => (await import("./fused/engine.js")).fusedEngine(task),
  },
  tfjs: {
    summary: "TensorFlow.js, one operation after the other",
    start: async (task) => (await import("./tfjs.js")).tfjsEngine(task),
  },
} as const satisfies Readonly<Record<string, EngineEntry>>;

export type EngineName = keyof typeof engines;

/** The quickest. */
export const defaultEngine: EngineName = "fused";
