import { exitCodes, Failure } from "../failure.js";
import { registerNames } from "#compiler/riscv/index.js";
import { hex } from "#compiler/text.js";

/** What can go wrong in a program, and what its author can do about it. */
const faults = {
  "misaligned-load": {
    message: (address: number) => `reads a word or half-word from ${hex(address)}, which is not aligned`,
    remedy: "align the data or read it byte by byte: the core traps here",
  },
  "misaligned-store": {
    message: (address: number) => `writes a word or half-word to ${hex(address)}, which is not aligned`,
    remedy: "align the data or write it byte by byte: the core traps here",
  },
  "unmapped-load": {
    message: (address: number) => `reads from ${hex(address)}, where the chip has nothing`,
    remedy: "look for a wild pointer or an index out of range",
  },
  "unmapped-store": {
    message: (address: number) => `writes to ${hex(address)}, where the chip has nothing`,
    remedy: "look for a wild pointer or an index out of range",
  },
  "unmapped-fetch": {
    message: (address: number) => `jumps to ${hex(address)}, where the chip has no code`,
    remedy: "look for an overwritten return address or function pointer, and for code that runs past its end",
  },
  "write-to-flash": {
    message: (address: number) => `writes to ${hex(address)}, which is flash`,
    remedy: "keep data that changes in RAM: drop `const`, or look for a wild pointer",
  },
  "illegal-instruction": {
    message: (address: number) => `runs into ${hex(address)}, which holds no instruction of this core`,
    remedy: "compile for the target's instruction set, and check that execution does not run into data",
  },
  "register-above-x15": {
    message: (address: number) => `uses a register above x15 at ${hex(address)}; the core has x0 to x15`,
    remedy: "compile for RV32E: -march=rv32ec -mabi=ilp32e",
  },
  "stack-overflow": {
    message: (address: number) => `lets the stack grow down to ${hex(address)}, into the static data`,
    remedy: "use less RAM: smaller layers, fewer calls in calls, or a target with more",
  },
  "interrupted-without-stack": {
    message: (address: number) => `is interrupted at ${hex(address)}, where sp is no stack that a handler could push to`,
    remedy: "keep sp a stack while interrupts may come, or disable them",
  },
  "interrupted-without-globals": {
    message: (address: number) => `is interrupted at ${hex(address)}, where gp is not what handlers rely on`,
    remedy: "keep gp while interrupts may come, or disable them",
  },
  "interrupted-without-thread": {
    message: (address: number) => `is interrupted at ${hex(address)}, where tp is not what handlers rely on`,
    remedy: "keep tp while interrupts may come, or say that it is borrowed",
  },
  runaway: {
    message: (address: number) => `was still running at ${hex(address)} when its instructions were used up`,
    remedy: "look for an endless loop, or allow more instructions",
  },
} satisfies Readonly<Record<string, { readonly message: (address: number) => string; readonly remedy: string }>>;

export type FaultKind = keyof typeof faults;

/** Raised inside the simulator, where the rest of the story is not known. */
export class Trap {
  constructor(
    readonly kind: FaultKind,
    readonly address: number,
  ) {}
}

/** The state of the machine when something went wrong. */
export interface FaultContext {
  readonly pc: number;
  /** `function+0x12`, or the address alone where the image has no symbol. */
  readonly location: string;
  /** The instruction at `pc` as assembly text. */
  readonly instruction: string;
  readonly cycles: number;
  readonly registers: Int32Array;
  /** Where the calls that led here came from, innermost first. */
  readonly backtrace: readonly string[];
}

/** A program that did what the chip cannot do. */
export class Fault extends Failure {
  constructor(
    readonly kind: FaultKind,
    /** The address that was accessed or jumped to. */
    readonly address: number,
    readonly context: FaultContext,
  ) {
    super(
      `the firmware ${faults[kind].message(address)}: ${context.instruction} in ${context.location}`,
      faults[kind].remedy,
      exitCodes.rejected,
    );
    this.name = "Fault";
  }

  /** Everything that helps to find the mistake, in lines. */
  report(): string {
    const { pc, cycles, backtrace, registers } = this.context;
    const dump = Array.from(registers, (value, i) => `${registerNames[i]!.padStart(5)} ${hex(value, 8)}`);
    const rows = Array.from({ length: dump.length / 4 }, (_, row) => dump.slice(4 * row, 4 * row + 4).join(" "));
    const calls = backtrace.map((place) => `  called from ${place}`);
    return [this.message, `  at pc ${hex(pc, 8)}, cycle ${cycles}`, ...calls, ...rows].join("\n");
  }
}
