import type { Packing } from "../catalog/quantizer.js";
import type { LayerId, Network } from "./network.js";
import type { Target } from "./target.js";

/** How one target runs a network: a schedule of steps over one arena of bytes. */
export interface Plan {
  readonly network: Network;
  readonly target: Target;
  readonly steps: readonly Step[];
  /** Bytes of static RAM that all regions inside the arena take together. */
  readonly arenaBytes: number;
  readonly cost: Cost;
}

export type Step = Run | EachChannel;

/** One call of one kernel, for one layer or several fused ones. */
export interface Run {
  readonly kind: "run";
  /** The name of the C function, without the model's prefix. */
  readonly name: string;
  /** The kernel's name in the catalogue. */
  readonly kernel: string;
  /** In execution order; more than one when fused. */
  readonly layers: readonly LayerId[];
  readonly reads: Region;
  readonly writes: Region;
  readonly packed?: Packed;
  readonly cost: Cost;
  /** The offers that lost, cheapest first: why this kernel. */
  readonly rejected: readonly { readonly kernel: string; readonly cost: Cost }[];
}

/** Runs its body once for each channel of an image whose channels do not meet. */
export interface EachChannel {
  readonly kind: "each-channel";
  readonly count: number;
  readonly body: readonly Step[];
}

/** A typed place: the caller's input or logits, or bytes of the arena. */
export interface Region {
  readonly memory: "input" | "logits" | "arena";
  /** In bytes from the start of that memory. */
  readonly offset: number;
  readonly element: "i8" | "i16" | "i32";
  readonly count: number;
}

/** Weights as they will lie in flash. */
export interface Packed {
  readonly layer: LayerId;
  readonly packing: Packing;
  readonly rows: number;
  readonly columns: number;
  readonly bytes: number;
}

/** Bytes and cycles: estimated by kernels, summed over a plan, measured by tools. */
export interface Cost {
  readonly flash: { readonly code: number; readonly weights: number };
  readonly ram: { readonly static: number; readonly stack: number };
  /** For a typical input. */
  readonly cycles: number;
}

export const flashOf = ({ flash }: Cost): number => flash.code + flash.weights;

export const ramOf = ({ ram }: Cost): number => ram.static + ram.stack;
