/** A chip, or a machine with a C compiler, as its mcu/<name>/target.yaml describes it. */
export interface Target {
  /** The folder's name; the name in `deploy … to` and `--target`. */
  readonly name: string;
  readonly summary: string;
  /** `rv32ec`, `rv32ec_zmmul`, `armv6m`, or `c99` for any machine with a C compiler. */
  readonly core: string;
  /** Whether the core multiplies integers in hardware. */
  readonly multiplies: boolean;
  /** Bytes; absent where memory is not a concern. */
  readonly memory?: { readonly flash: number; readonly ram: number };
  readonly clockHz?: number;
  readonly power?: Power;
  /** What compiles for it: tried in order. */
  readonly compilers: readonly string[];
  /** The compiler's flags. */
  readonly flags: readonly string[];
  /** Further flags by the compiler's major version: those of the first entry whose `since` it reaches. */
  readonly dialects?: readonly Dialect[];
  /** How to get a compiler when there is none. */
  readonly install: string;
  /** Absent where programs run under an operating system. */
  readonly chip?: Chip;
}

/** What a chip draws while it computes: enough for an estimate of energy. */
export interface Power {
  readonly microamperesPerMegahertz: number;
  readonly millivolts: number;
  /** Where the figures are from, and how sure they are. */
  readonly source: string;
}

export interface Dialect {
  /** The least major version. */
  readonly since: number;
  readonly flags: readonly string[];
}

/** What a whole firmware, and a simulator of it, need to know beside the core. */
export interface Chip {
  readonly flash: Memory;
  readonly ram: Memory;
  /** The folder of mcu/ with start-up code, linker script and board code: chips of a family share them. */
  readonly firmware: string;
  /** Bytes of flash that start-up code and vector table take, and beside them the least program that calls a model. */
  readonly startUp: number;
  readonly program: number;
  /** The numbers of the simulator's cycle model; absent where cycles are not modelled. */
  readonly timing?: Timing;
  /** What else runs its programs, where the simulator of bnmc does not. */
  readonly emulator?: Emulator;
  /** The chip's name in the ch32fun SDK. */
  readonly ch32fun?: string;
}

export interface Memory {
  readonly bytes: number;
  readonly address: number;
  /** Alias: another address of the same bytes. */
  readonly alias?: number;
  /** Wait states: cycles that an access takes longer than in the fastest memory. */
  readonly waitStates: number;
}

export interface Emulator {
  readonly command: string;
  readonly options: readonly string[];
  /** How to get it. */
  readonly install: string;
}

/** The parameters of the cycle model, in cycles, `lineBytes` in bytes: runtime/simulator/timing.ts says what they mean. */
export const timingFields = ["alu", "load", "store", "branch", "redirect", "multiply", "divide", "csr", "lineBytes", "wideDelay"] as const;

export type Timing = { readonly [field in (typeof timingFields)[number]]: number };
