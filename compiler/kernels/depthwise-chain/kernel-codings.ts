import { codeBytes } from "../../riscv/index.js";
import { copyCode } from "./rv32-copy-code.js";
import type { Helper, Interrupts } from "../../ir/plan.js";
import { kernelCode, mergeByte, type Merged, mergedOnce, weighing, type Window, windows } from "./kernel-code.js";

/** How kernels lie in flash, and what brings their code to RAM. */
export interface KernelCoding {
  readonly variant: string;
  readonly element: "uint8_t" | "uint32_t";
  /** The elements of a kernel. */
  readonly elements: (kernel: Int32Array) => readonly number[];
  /** How many these are, in C. */
  readonly next: string;
  /** Bytes of so many kernels in flash; undefined where that takes to know them. */
  readonly bytes: (kernels: readonly Int32Array[] | undefined, count: number) => number | undefined;
  /** Bytes that its code takes in RAM at most, or that any takes; with what is written before it. */
  readonly slot: (kernels: readonly Int32Array[] | undefined) => number;
  /** Cycles of a kernel, about. */
  readonly cycles: number;
  /** The function that brings code to RAM, and what it calls; the one that then runs it. */
  readonly writer: string;
  readonly run: string;
  readonly helpers: readonly Helper[];
  /** The registers that code and the functions around it use. */
  readonly registers: CodeRegisters;
}

/** Registers as assembly names them, and what C has to know of machine code that names them by numbers. */
export interface CodeRegisters {
  /** Whether `gp` and `sp` hold data; else the constants of a loop are on the stack. */
  readonly borrowing: boolean;
  /** Of the last two values of a window. */
  readonly seventh: string;
  readonly eighth: string;
  /** Where the window is, and where its sum goes. */
  readonly at: string;
  readonly to: string;
  /** `bne at, ra`, without its distance. */
  readonly branch: string;
  /** `c.add s0, seventh`. */
  readonly addSeventh: string;
  /** By how much the registers of the last two values are numbered below their places in a window. */
  readonly places: number;
}

/** What the function that runs code keeps out of registers: on the stack, or in static memory where `sp` holds data. */
export const frameBytes = 52;

const registersFor: Readonly<Record<Interrupts, CodeRegisters>> = {
  disabled: { borrowing: true, seventh: "gp", eighth: "tp", at: "sp", to: "t0", branch: "0x801110E3", addSeventh: "0x940E", places: 4 },
  allowed: { borrowing: false, seventh: "tp", eighth: "t0", at: "t1", to: "t2", branch: "0x801310E3", addSeventh: "0x9412", places: 3 },
};

const codingOf = (stated: Omit<KernelCoding, "run" | "helpers">, writers: readonly Helper[]): KernelCoding => {
  const run = `run_${stated.writer}`;
  const facts = { ...stated.registers, frameBytes, writer: stated.writer };
  return {
    ...stated,
    run,
    helpers: [
      ...writers,
      { name: run, template: "depthwise-chain/routines/run-code", facts, code: stated.registers.borrowing ? 202 : 178, resident: false },
    ],
  };
};

/** What code takes at most: two bytes for most operations, four for four digits of nine weights where two are far. */
const longest = 2 * 2 + 2 * 7 + 4 * (7 * 2 + 2 * 4);

/** Code as it is, in whole words; before it, in a byte each, how many words and how many bytes of code. */
const codeWords = (kernel: Int32Array, window: Window): readonly number[] => {
  const code = kernelCode(kernel, window);
  const words = Math.ceil((1 + code.length) / 2);
  const halves = [words | ((2 * code.length) << 8), ...Array<number>(2 * words - 1 - code.length).fill(0), ...code];
  return Array.from({ length: words }, (_, at) => (halves[2 * at]! | (halves[2 * at + 1]! << 16)) >>> 0);
};

const copyHelper = (registers: CodeRegisters): Helper => {
  const copy = copyCode();
  const facts = { ...registers, copy };
  return { name: "copy_code", template: "depthwise-chain/routines/copy-code", facts, code: codeBytes(copy), resident: false };
};

const readyCoding = (window: Window, registers: CodeRegisters): KernelCoding =>
  codingOf(
    {
      variant: "code ready in flash",
      element: "uint32_t",
      elements: (kernel) => codeWords(kernel, window),
      next: "*kernel & 0xFF",
      bytes: (kernels) => kernels?.reduce((sum, kernel) => sum + 4 * codeWords(kernel, window).length, 0),
      slot: (kernels) =>
        (kernels === undefined ? longest : Math.max(...kernels.map((kernel) => 2 * kernelCode(kernel, window).length))) + 8,
      cycles: 600,
      writer: "copy_code",
      registers,
    },
    [copyHelper(registers)],
  );

/**
 * A byte of the bits of the first eight weights for each place, then the bits of the ninth, and which values are merged. Most
 * of the time goes into the loop over places, which is half as quick where it does not run from RAM.
 */
const bitCoding = (window: Window, registers: CodeRegisters, resident: boolean): KernelCoding => {
  const place = resident ? "" : "_from_flash";
  const [loop, writer] = [`write_digits${place}`, `write_code${place}`];
  return codingOf(
    {
      variant: `code written from ${resident ? "RAM" : "flash"}`,
      element: "uint8_t",
      elements: (kernel) => {
        const { merges, weights } = mergedOnce(kernel, window);
        const places = Array.from({ length: 8 }, (_, place) =>
          weights.slice(0, 8).reduce((bits, weight, tap) => bits | (((weight >> place) & 1) << tap), 0),
        );
        return [...places, weights[8]! & 0xff, mergeByte(merges)];
      },
      next: "10",
      bytes: (_, count) => 10 * count,
      slot: (kernels) =>
        kernels === undefined ? longest : Math.max(...kernels.map((kernel) => 2 * writtenHalves(mergedOnce(kernel, window), window))),
      cycles: resident ? 1200 : 1540,
      writer,
      registers,
    },
    [
      {
        name: loop,
        template: "depthwise-chain/routines/write-digits",
        facts: { ...registers },
        code: registers.borrowing ? 184 : 188,
        resident,
      },
      {
        name: writer,
        template: "depthwise-chain/routines/write-code",
        facts: { ...registers, loop },
        code: registers.borrowing ? 118 : 122,
        resident: false,
      },
    ],
  );
};

/** Half-words of code that is written for a kernel: its last digit is the first operation, which may take one more. */
const writtenHalves = ({ merges, weights }: Merged, window: Window): number => merges.length + 1 + weighing(weights, window).length;

const codingsFor = (interrupts: Interrupts): readonly KernelCoding[] => {
  const [window, registers] = [windows[interrupts], registersFor[interrupts]];
  return [readyCoding(window, registers), bitCoding(window, registers, true), bitCoding(window, registers, false)];
};

/** All ways, with registers that interrupts leave alone. */
export const kernelCodings: Readonly<Record<Interrupts, readonly KernelCoding[]>> = {
  disabled: codingsFor("disabled"),
  allowed: codingsFor("allowed"),
};
