import { join } from "node:path";
import { parse } from "yaml";
import { packageRoot, readText } from "../runtime/host.js";

/** A net of the peer project, as its author published it. */
export interface Peer {
  readonly name: string;
  /** The weights of models/ of the same shape. */
  readonly like?: string;
  readonly dataset: string;
  readonly accuracy: number;
  /** Bytes of weights. */
  readonly weights: number;
  /** Bytes of the whole program. */
  readonly flash?: number;
  /** Of an inference, by target. */
  readonly cycles: Readonly<Record<string, number>>;
}

export const { peers } = parse(readText(join(packageRoot, "bench/published.yaml"))) as { readonly peers: readonly Peer[] };
