import type { Occupancy } from "../ir/occupancy.js";
import type { Layer, LayerId } from "../ir/network.js";
import type { Cost, Interrupts, StoredElement } from "../ir/plan.js";
import { type Calls, reachedBy, type Routine } from "../ir/routine.js";
import type { Target } from "../ir/target.js";
import { bitsOf, type Ones, type Range, type TensorType } from "../ir/types.js";
import type { Definition } from "../catalog/parameter.js";
import type { Quantizer } from "../catalog/codebook/quantizer.js";

/** What the planner asks kernels to run: consecutive layers, fused into one step. */
export interface Job {
  readonly layers: readonly Layer[];
  /** The type of the first layer's input. */
  readonly reads: TensorType;
  /** The proved interval of its values, for every input of the network. */
  readonly range: Range;
  /** The types of its inputs besides `reads`. */
  readonly extraInputs: readonly TensorType[];
  /** The type of the last layer's output. */
  readonly writes: TensorType;
  /** Of the layers that have weights, in order. */
  readonly weights: readonly JobWeights[];
  /** Of the layers that have constants: a bias for each channel, or the shift of a fixed range. */
  readonly constants: readonly JobConstants[];
  /** The element types in which tensors are stored. */
  readonly stored: {
    readonly reads: StoredElement;
    /** The shape in which `reads` was written, where reinterpretations lie between: nibbles go by its pixels. */
    readonly shape: readonly number[];
    readonly extraInputs: readonly StoredElement[];
    readonly writes: StoredElement;
    /** Of the outputs of all layers but the last, if the step stores them at all. */
    readonly within: readonly StoredElement[];
  };
  /** Weights are still to be trained, and nothing is emitted of this: kernels that have to know them may assume typical ones. */
  readonly untrained: boolean;
  /** During the call, as the deployment says. */
  readonly interrupts: Interrupts;
  /** The activation density of `reads`, as training measured it; where nobody did, estimates take that of MNIST. */
  readonly occupancy?: Occupancy;
}

export interface JobConstants {
  readonly shape: readonly number[];
  /** Where they are known: a network may be planned before it is trained. */
  readonly values: Int32Array | undefined;
}

export interface JobWeights {
  readonly layer: LayerId;
  /** Outputs. */
  readonly rows: number;
  /** Weights of one output. */
  readonly columns: number;
  readonly quantizer: Quantizer;
  /** The integer weights row by row, where they are known: a network may be planned before it is trained. */
  readonly levels?: Int32Array;
}

/**
 * One implementation that a kernel proposes for a job, at a cost. `C` is what it decided, as plain data: its template and its tables
 * read nothing else.
 */
export interface Offer<C extends object = object> {
  /** What tells it from the kernel's other offers for the job, as people read it: `16 at a time`, `in SRAM`. */
  readonly variant?: string;
  /** Of this step alone: `ram.static` is its scratch space, `flash.code` leaves out a shared function and routines. */
  readonly cost: Cost;
  readonly context: C;
  /**
   * The kernel's function where every step with an equal one shares it: what depends on the step comes as further C arguments. It is of
   * the kernel's template.
   */
  readonly shared?: { readonly routine: Routine; readonly arguments: readonly string[] };
  /** What the step's own function calls, by role. */
  readonly calls?: Calls;
  /** It may run in place: it reads forwards, and never again what lies before its last write. */
  readonly overlays?: true;
  /** Of a step that makes one channel a call: elements of the first table that one channel takes. */
  readonly row?: number;
}

/** The codes of one layer, row by row. */
export interface CodedWeights extends JobWeights {
  readonly codes: Uint8Array;
}

/** A constant array in flash. */
export interface Table {
  /** What follows the step's name in the array's: `weights`. */
  readonly name: string;
  readonly element: "int8_t" | "int16_t" | "int32_t" | "uint8_t" | "uint16_t" | "uint32_t";
  readonly values: readonly number[];
}

/**
 * The implementation of one layer or several fused ones on a chip: its offers say what it would cost, its C is templates/<template>.c.hbs.
 * Whether it can run a weight format depends on what the codebook is, never on the format's name.
 */
export interface Kernel<C extends object = object> extends Definition<Record<never, never>> {
  /** Its C function, as a path below templates/ without `.c.hbs`: its family and its name. */
  readonly template: string;
  /** The sequences of operations that it fuses into one step. */
  readonly serves: readonly (readonly string[])[];
  /** Depthwise: a call makes one channel. */
  readonly channelwise?: true;
  /** Whether it reads, or writes, maps of nibbles as well: it is asked for both, and sees in `stored` what it is asked for. */
  readonly nibbles?: { readonly reads?: true; readonly writes?: true };
  /** Besides what it serves it is asked for whole depthwise chains, with the layer after each. */
  readonly depthwiseChains?: true;
  /** Its offers for the job, one for each variant; none when it cannot run it. */
  bid(job: Job, target: Target): readonly Offer<C>[];
  /** The tables of the step, of weights and of the constants of its layers: exactly as many bytes as the offer's `flash.weights`. */
  tables(weights: readonly CodedWeights[], context: C, constants: readonly Int32Array[]): readonly Table[];
  /** What its template reads of constants that are known when C is written; nothing by default. */
  facts?(constants: readonly Int32Array[], context: C): object;
}

type Stated<C extends object> = Omit<Kernel<C>, "parameters" | "tables" | "serves"> & Partial<Pick<Kernel<C>, "tables">>;

/** `serves` may be one run of operations. */
export const defineKernel = <C extends object>({
  serves,
  ...kernel
}: Stated<C> & { readonly serves: readonly string[] | Kernel["serves"] }): Kernel<C> => ({
  parameters: {},
  tables: () => [],
  serves: typeof serves[0] === "string" ? [serves as readonly string[]] : (serves as Kernel["serves"]),
  ...kernel,
});

/** All routines that an offer needs, each once, callees first; not the function that it shares. */
export const routinesOf = ({ calls, shared }: Offer): readonly Routine[] =>
  reachedBy(Object.values(shared === undefined ? (calls ?? {}) : shared.routine.calls));

/** What an offer's steps pay for once: the function that they share, and routines. */
export const functionsOf = (offer: Offer): readonly Routine[] => [
  ...(offer.shared === undefined ? [] : [offer.shared.routine]),
  ...routinesOf(offer),
];

/** Whether a step requantizes to eight bits by the maximum of the sample, as most kernels can. */
export const rescales = ({ writes }: Job): boolean => writes.element === "i8" && writes.range === undefined;

/** How many bits of what a step writes may be set: a kernel that does not see to it must not bid. */
export const onesOf = ({ writes }: Job): Ones | undefined => (writes.element === "i32" ? undefined : bitsOf(writes.element).ones);

/** The C type of each element type. */
export const cTypes = { u4: "uint32_t", i8: "int8_t", i16: "int16_t", u16: "uint16_t", i32: "int32_t" } as const;

/**
 * Whether C's aliasing rules let one function read and write the same bytes as these types: of one size that differ in sign at
 * most, or characters.
 */
export const mayOverlay = (reads: StoredElement, writes: StoredElement): boolean =>
  reads === "i8" || writes === "i8" || cTypes[reads].replace("u", "") === cTypes[writes].replace("u", "");

const elementBytes = { int8_t: 1, uint8_t: 1, int16_t: 2, uint16_t: 2, int32_t: 4, uint32_t: 4 } as const;

export const tableBytes = ({ element, values }: Table): number => elementBytes[element] * values.length;
