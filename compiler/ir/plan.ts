import type { LayerId, Network } from "./network.js";
import type { Calls, Routine } from "./routine.js";
import type { Target } from "./target.js";
import type { Range } from "./types.js";

/** How one target runs a network: steps in order of execution, and a static memory plan of one arena. */
export interface Plan {
  readonly network: Network;
  readonly target: Target;
  /** The name of the C function that users call. */
  readonly entry: string;
  readonly steps: readonly Step[];
  /** What the functions of steps call, callees first. */
  readonly routines: readonly Routine[];
  /** Registers that are clobbered during the call: interrupt handlers cannot rely on them. */
  readonly borrowed: readonly BorrowedRegister[];
  /** Bytes of static RAM: the arena's size after its allocations were overlaid by their liveness. */
  readonly arenaBytes: number;
  /** The arena's memory plan, in the order in which buffers are written. */
  readonly allocations: readonly Allocation[];
  /** Of the whole program; `ram.static` is the input buffer, the arena and the code that runs from RAM. */
  readonly cost: Cost;
  /** Whether the cost is that of the linked code on the simulated chip; the sum of its steps' otherwise. */
  readonly measured: boolean;
}

/** Whether interrupts may come during a call. */
export type Interrupts = "allowed" | "disabled";

export type Step = Run | EachChannel;

/** RISC-V registers that compiled code never writes, so that interrupt handlers use them without saving. */
export type BorrowedRegister = "gp" | "sp" | "tp";

/** Whether interrupts may stay enabled while these are clobbered: only handlers with thread-local storage read `tp`. */
export const interruptible = (borrowed: readonly BorrowedRegister[]): boolean => borrowed.every((register) => register === "tp");

/** One call of one kernel, for one layer or several fused ones. */
export interface Run {
  readonly kind: "run";
  /** What the step is called in dumps and comments: its layer, or its layers joined by `_`. */
  readonly name: string;
  /** The C function of all steps that share it; else the step has one of its own, called as the step is. */
  readonly shared?: Routine;
  /** C arguments after the regions. */
  readonly arguments: readonly string[];
  /** The kernel's name in the catalogue. */
  readonly kernel: string;
  /** Which of the kernel's variants, where it has several. */
  readonly variant?: string;
  /** What the kernel decided, for its template and its tables. */
  readonly context: object;
  /** What its function calls, by role. */
  readonly calls: Calls;
  /** In execution order; more than one when fused. */
  readonly layers: readonly LayerId[];
  readonly reads: Region;
  /** The inputs of its first layer besides `reads`. */
  readonly extraInputs: readonly Region[];
  readonly writes: Region;
  /** The bytes to which its nibbles are copied first, where its kernel reads nothing else. */
  readonly unpacked?: { readonly region: Region; readonly pixels: number; readonly channels: number };
  /** Scratch space, live during the step alone. */
  readonly scratch?: Region;
  /** Elements of its first table that one channel takes: inside `EachChannel` the call gets those of its channel. */
  readonly row?: number;
  /** Of this step; a shared function and routines are paid for by the first step that calls them. */
  readonly cost: Cost;
  /** Whether cycles, code and stack were measured; estimated otherwise. */
  readonly measured: boolean;
  /** The offers that were not taken, fastest first: why this kernel. */
  readonly rejected: readonly Rejected[];
}

/** An offer for the layers of a step that the planner did not take. */
export type Rejected = Pick<Run, "kernel" | "variant" | "cost" | "measured">;

/** `dense-bucket`, or `dense-planes (16 at a time)` where a kernel has several variants. */
export const showKernel = ({ kernel, variant }: Pick<Run, "kernel" | "variant">): string =>
  variant === undefined ? kernel : `${kernel} (${variant})`;

/** A loop that runs its body once for each channel of a depthwise chain. */
export interface EachChannel {
  readonly kind: "each-channel";
  readonly count: number;
  readonly body: readonly Step[];
}

/** A typed range of bytes: where a step reads or writes a tensor. */
export interface Region {
  /** `logits` is the caller's array, or the same bytes of the arena when the caller passes none. */
  readonly memory: "input" | "logits" | "arena";
  /** In bytes from the start of the arena, or of the input. */
  readonly offset: number;
  readonly element: StoredElement;
  readonly count: number;
  /** How the address advances from channel to channel, where a tensor of all channels is accessed one channel at a time. */
  readonly stride?: Stride;
}

/** The address advances by `elements` after every `every` channels. */
export interface Stride {
  readonly elements: number;
  readonly every: number;
}

/**
 * The element type of a stored tensor: accumulators are narrowed where their proved interval fits. `u4` are nibbles, pixel by pixel (HWC),
 * the channels of each pixel padded to words of eight, the first in the lowest bits; all others are stored channel by channel (CHW).
 */
export type StoredElement = "u4" | "i8" | "i16" | "u16" | "i32";

/** A buffer of the arena with its live range: an activation tensor or scratch space. */
export interface Allocation {
  /** The layer that writes the tensor, or the step whose scratch space it is. */
  readonly name: string;
  readonly scratch: boolean;
  /** It holds one channel of the tensor at a time. */
  readonly channelwise: boolean;
  /** The interval of its values, proved for every input; none for scratch space. */
  readonly range?: Range;
  readonly region: Region;
  /** First and last step of the live range, from 0; one past the last step means until the caller reads the logits. */
  readonly from: number;
  readonly to: number;
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

export const elementBytes = { u4: 1 / 2, i8: 1, i16: 2, u16: 2, i32: 4 } as const;

/** Bytes of what C accesses them by, and what they are aligned to: nibbles are read and written as words. */
export const unitBytes = { ...elementBytes, u4: 4 } as const;

export const regionBytes = ({ element, count }: Region): number => elementBytes[element] * count;

/** Tells the C function of a step from those of others. */
export const functionOf = ({ shared, name }: Pick<Run, "shared" | "name">): string => shared?.key ?? name;

/** All runs in order of execution, those inside loops once. */
export const runsOf = (steps: readonly Step[]): readonly Run[] =>
  steps.flatMap((step) => (step.kind === "run" ? [step] : runsOf(step.body)));
