import type { Interrupts } from "../../ir/plan.js";
import type { Calls, Placement, Routine } from "../../ir/routine.js";
import type { Target } from "../../ir/target.js";
import { numberOf, stackBytes } from "../../riscv/index.js";
import { placements } from "../placement.js";
import { routine, sizesOf } from "../routine.js";
import { codeRegisters, type CodeRegisters, frameBytes } from "./code-registers.js";
import { stateRoutine } from "./convolve-stages.js";
import { kernelCode, mergeByte, type Merged, mergedOnce, multiplyAccumulate, type Window } from "./kernel-code.js";
import { copyCode } from "./rv32-copy-code.js";
import { leaveCode, runCode } from "./rv32-run-code.js";
import { writeCode } from "./rv32-write-code.js";
import { endDigits, writeDigits } from "./rv32-write-digits.js";

/** What kernels are in flash: bytes of the bits of their weights, or words of code. */
export type KernelElement = "uint8_t" | "uint32_t";

/** The elements of a kernel whose code works on such a window. */
export const elementsOf = (element: KernelElement, kernel: Int32Array, window: Window): readonly number[] =>
  element === "uint32_t" ? codeWords(kernel, window) : weightBits(kernel, window);

/** How kernels lie in flash, and what brings their code to RAM. */
export interface KernelCoding {
  readonly variant: string;
  readonly element: KernelElement;
  /** How many these are, in C. */
  readonly next: string;
  /** Bytes of so many kernels in flash; undefined where that takes to know them. */
  readonly bytes: (kernels: readonly Int32Array[] | undefined, count: number) => number | undefined;
  /** Bytes that its code takes in RAM at most, or that any takes; with what is written before it. */
  readonly slot: (kernels: readonly Int32Array[] | undefined) => number;
  /** Cycles of a kernel, about. */
  readonly cycles: number;
  /** Brings code to RAM. */
  readonly writer: Routine;
  /** Has code brought to RAM, and runs it. */
  readonly run: Routine;
  /** Bytes of stack of code and what is around it. */
  readonly stack: number;
  /** The registers that code and the functions around it use. */
  readonly registers: CodeRegisters;
}

/** How much the registers of the last two values of a window are numbered below their places in it, for C that reads machine code. */
const placesOf = ({ seventh, window }: CodeRegisters): number => window.indexOf(seventh) - numberOf(seventh);

function codingOf(stated: Omit<KernelCoding, "run" | "stack">): KernelCoding {
  const { writer, registers } = stated;
  const [run, leave] = [runCode(registers), leaveCode(registers)];
  return {
    ...stated,
    run: routine(`${routines}/run-code`, {
      label: `run_${writer.label}`,
      context: { run, leave },
      calls: { ...stateOf(registers), writer },
      code: sizesOf(run, leave).code,
    }),
    stack: stackBytes(run),
  };
}

const routines = "depthwise-chain/routines";

/** What keeps registers where `sp` holds data. */
export const stateOf = ({ borrowing }: CodeRegisters): Calls => (borrowing ? { state: stateRoutine(frameBytes / 4) } : {});

/** What code takes at most: two bytes for most operations, four for four digits of nine weights where two are far. */
const longest = 2 * 2 + 2 * 7 + 4 * (7 * 2 + 2 * 4);

/** Code as it is, in whole words; before it, in a byte each, how many words and how many bytes of code. */
const codeWords = (kernel: Int32Array, window: Window): readonly number[] => {
  const code = kernelCode(kernel, window);
  const words = Math.ceil((1 + code.length) / 2);
  const halves = [words | ((2 * code.length) << 8), ...Array<number>(2 * words - 1 - code.length).fill(0), ...code];
  return Array.from({ length: words }, (_, at) => (halves[2 * at]! | (halves[2 * at + 1]! << 16)) >>> 0);
};

function readyCoding(window: Window, registers: CodeRegisters): KernelCoding {
  const copy = copyCode();
  return codingOf({
    variant: "code ready in flash",
    element: "uint32_t",
    next: "*kernel & 0xFF",
    bytes: (kernels) => kernels?.reduce((sum, kernel) => sum + 4 * codeWords(kernel, window).length, 0),
    slot: (kernels) => (kernels === undefined ? longest : Math.max(...kernels.map((kernel) => 2 * kernelCode(kernel, window).length))) + 8,
    cycles: 600,
    writer: routine(`${routines}/copy-code`, { context: { copy, places: placesOf(registers) }, ...sizesOf(copy) }),
    registers,
  });
}

/** A byte of the bits of the first eight weights for each place, then the bits of the ninth, and which values are merged. */
function weightBits(kernel: Int32Array, window: Window): readonly number[] {
  const { merges, weights } = mergedOnce(kernel, window);
  const places = Array.from({ length: 8 }, (_, place) =>
    weights.slice(0, 8).reduce((bits, weight, tap) => bits | (((weight >> place) & 1) << tap), 0),
  );
  return [...places, weights[8]! & 0xff, mergeByte(merges)];
}

/** Where the loop over places runs: most of the time goes into it. */
interface Writing {
  readonly text: string;
  readonly placement: Placement;
  readonly cycles: number;
}

function bitCoding(window: Window, registers: CodeRegisters, { text, placement, cycles }: Writing): KernelCoding {
  const [digits, end, write] = [writeDigits(registers), endDigits(registers), writeCode(registers)];
  return codingOf({
    variant: `code written, ${text}`,
    element: "uint8_t",
    next: "10",
    bytes: (_, count) => 10 * count,
    slot: (kernels) =>
      kernels === undefined ? longest : Math.max(...kernels.map((kernel) => 2 * writtenHalves(mergedOnce(kernel, window), window))),
    cycles,
    writer: routine(`${routines}/write-code`, {
      context: { write, places: placesOf(registers) },
      calls: { loop: routine(`${routines}/write-digits`, { context: { digits, end }, ...sizesOf(digits), placement }) },
      // What follows the loop stays in flash with what goes before it.
      ...sizesOf(write, end),
    }),
    registers,
  });
}

/** Half-words of code that is written for a kernel: its last digit is the first operation, which may take one more. */
const writtenHalves = ({ merges, weights }: Merged, window: Window): number =>
  merges.length + 1 + multiplyAccumulate(weights, window).length;

/** All ways on a target, with registers that interrupts leave alone. */
export function kernelCodings(interrupts: Interrupts, target: Target): readonly KernelCoding[] {
  const registers = codeRegisters[interrupts];
  const window = windowOf(interrupts);
  const writings = placements(target, ["the loop"]).map(({ of, text }) => ({
    text,
    placement: of("the loop"),
    cycles: of("the loop") === "ram" ? 1200 : 1540,
  }));
  return [readyCoding(window, registers), ...writings.map((writing) => bitCoding(window, registers, writing))];
}

/** The registers of a window by their numbers, as code names them. */
export const windowOf = (interrupts: Interrupts): Window => codeRegisters[interrupts].window.map(numberOf);
