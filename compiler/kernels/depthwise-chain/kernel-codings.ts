import type { Helper, Interrupts } from "../../ir/plan.js";
import { codeBytes, numberOf, type Program, stackBytes } from "../../riscv/index.js";
import { codeRegisters, type CodeRegisters } from "./code-registers.js";
import { kernelCode, mergeByte, type Merged, mergedOnce, weighing, type Window } from "./kernel-code.js";
import { copyCode } from "./rv32-copy-code.js";
import { leaveCode, runCode } from "./rv32-run-code.js";
import { writeCode } from "./rv32-write-code.js";
import { endDigits, writeDigits } from "./rv32-write-digits.js";

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
  /** Bytes of stack of code and what is around it. */
  readonly stack: number;
  /** The registers that code and the functions around it use. */
  readonly registers: CodeRegisters;
}

/** How much the registers of the last two values of a window are numbered below their places in it, for C that reads machine code. */
const placesOf = ({ seventh, window }: CodeRegisters): number => window.indexOf(seventh) - numberOf(seventh);

const codingOf = (stated: Omit<KernelCoding, "run" | "helpers" | "stack">, writers: readonly Helper[]): KernelCoding => {
  const run = `run_${stated.writer}`;
  const facts = { run: runCode(stated.registers, stated.writer), leave: leaveCode(stated.registers), writer: stated.writer };
  const helpers = [...writers, helper(run, "run-code", facts, [facts.run, facts.leave])];
  return { ...stated, run, helpers, stack: stackBytes(facts.run) };
};

/** A C function whose assembly these are. */
const helper = (name: string, template: string, facts: Helper["facts"], programs: readonly Program[], resident = false): Helper => ({
  ...{ name, template: `depthwise-chain/routines/${template}`, facts, resident },
  code: programs.reduce((sum, program) => sum + codeBytes(program), 0),
});

/** What code takes at most: two bytes for most operations, four for four digits of nine weights where two are far. */
const longest = 2 * 2 + 2 * 7 + 4 * (7 * 2 + 2 * 4);

/** Code as it is, in whole words; before it, in a byte each, how many words and how many bytes of code. */
const codeWords = (kernel: Int32Array, window: Window): readonly number[] => {
  const code = kernelCode(kernel, window);
  const words = Math.ceil((1 + code.length) / 2);
  const halves = [words | ((2 * code.length) << 8), ...Array<number>(2 * words - 1 - code.length).fill(0), ...code];
  return Array.from({ length: words }, (_, at) => (halves[2 * at]! | (halves[2 * at + 1]! << 16)) >>> 0);
};

const readyCoding = (window: Window, registers: CodeRegisters): KernelCoding => {
  const copy = copyCode();
  return codingOf(
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
    [helper("copy_code", "copy-code", { copy, places: placesOf(registers) }, [copy])],
  );
};

/**
 * A byte of the bits of the first eight weights for each place, then the bits of the ninth, and which values are merged. Most
 * of the time goes into the loop over places, which is half as quick where it does not run from RAM.
 */
const bitCoding = (window: Window, registers: CodeRegisters, resident: boolean): KernelCoding => {
  const place = resident ? "" : "_from_flash";
  const [loop, writer] = [`write_digits${place}`, `write_code${place}`];
  const [digits, end, write] = [writeDigits(registers), endDigits(registers), writeCode(registers, loop)];
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
    // What follows the loop stays in flash with what goes before it.
    [
      helper(loop, "write-digits", { digits, end }, [digits], resident),
      helper(writer, "write-code", { write, loop, places: placesOf(registers) }, [write, end]),
    ],
  );
};

/** Half-words of code that is written for a kernel: its last digit is the first operation, which may take one more. */
const writtenHalves = ({ merges, weights }: Merged, window: Window): number => merges.length + 1 + weighing(weights, window).length;

const codingsFor = (interrupts: Interrupts): readonly KernelCoding[] => {
  const registers = codeRegisters[interrupts];
  const window = registers.window.map(numberOf);
  return [readyCoding(window, registers), bitCoding(window, registers, true), bitCoding(window, registers, false)];
};

/** All ways, with registers that interrupts leave alone. */
export const kernelCodings: Readonly<Record<Interrupts, readonly KernelCoding[]>> = {
  disabled: codingsFor("disabled"),
  allowed: codingsFor("allowed"),
};
