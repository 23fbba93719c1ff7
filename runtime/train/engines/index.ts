import { catalog } from "#compiler/catalog/index.js";
import type { Network } from "#compiler/ir/network.js";
import { exitCodes, Failure } from "../../failure.js";
import type { EngineFactory } from "../engine.js";

interface EngineEntry {
  readonly summary: string;
  /** Whether it has the operations on images. */
  readonly images: boolean;
  readonly start: EngineFactory;
}

/** What executes training steps, by the name that `--engine` takes, the quickest first; each is loaded when it is used. */
export const engines = {
  fused: {
    summary: "a step compiled to WebAssembly for this network",
    images: false,
    start: async (task) => (await import("./fused/engine.js")).fusedEngine(task),
  },
  tfjs: {
    summary: "TensorFlow.js, one operation after the other",
    images: true,
    start: async (task) => (await import("./tfjs.js")).tfjsEngine(task),
  },
} as const satisfies Readonly<Record<string, EngineEntry>>;

export type EngineName = keyof typeof engines;

/** The layers that only engines with operations on images can train. */
export const imageLayers = ({ layers }: Network): readonly string[] => [
  ...new Set(layers.flatMap(({ op }) => (catalog.layers[op]?.images === true ? [op] : []))),
];

/** The named engine, or the quickest that can train a network; all give the same weights up to rounding. */
export function engineFor(network: Network, wanted?: EngineName): EngineName {
  const needed = imageLayers(network);
  const able = (Object.keys(engines) as EngineName[]).filter((name) => engines[name].images || needed.length === 0);
  const name = wanted ?? able[0]!;
  if (able.includes(name)) return name;
  throw new Failure(`the engine ${name} does not train ${needed.join(", ")}`, `use ${able.map((other) => `--engine ${other}`).join(" or ")}`, exitCodes.rejected);
}
