import type { Helper } from "../ir/plan.js";
import { kernelCode, mergeByte, mergedOnce, weighing } from "./kernel-code.js";

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
}

const codingOf = (stated: Omit<KernelCoding, "run" | "helpers">, writers: readonly Helper[]): KernelCoding => {
  const run = `run_${stated.writer}`;
  return { ...stated, run, helpers: [...writers, { name: run, template: "run-code", facts: { writer: stated.writer }, code: 202, resident: false }] };
};

/** What code takes at most: two bytes for most operations, four for four digits of nine weights where two are far. */
const longest = 2 * 2 + 2 * 7 + 4 * (7 * 2 + 2 * 4);

/** Code as it is, in whole words; before it, in a byte each, how many words and how many bytes of code. */
const codeWords = (kernel: Int32Array): readonly number[] => {
  const code = kernelCode(kernel);
  const words = Math.ceil((1 + code.length) / 2);
  const halves = [words | ((2 * code.length) << 8), ...Array<number>(2 * words - 1 - code.length).fill(0), ...code];
  return Array.from({ length: words }, (_, at) => (halves[2 * at]! | (halves[2 * at + 1]! << 16)) >>> 0);
};

const readyCoding: KernelCoding = codingOf(
  {
    variant: "code ready in flash",
    element: "uint32_t",
    elements: codeWords,
    next: "*kernel & 0xFF",
    bytes: (kernels) => kernels?.reduce((sum, kernel) => sum + 4 * codeWords(kernel).length, 0),
    slot: (kernels) => (kernels === undefined ? longest : Math.max(...kernels.map((kernel) => 2 * kernelCode(kernel).length))) + 8,
    cycles: 600,
    writer: "copy_code",
  },
  [{ name: "copy_code", template: "copy-code", facts: {}, code: 38, resident: false }],
);

/**
 * A byte of the bits of the first eight weights for each place, then the bits of the ninth, and which values are merged. Most
 * of the time goes into the loop over places, which is half as quick where it does not run from RAM.
 */
const bitCoding = (resident: boolean): KernelCoding => {
  const loop = resident ? "write_digits" : "write_digits_from_flash";
  return codingOf(
    {
      variant: `code written from ${resident ? "RAM" : "flash"}`,
      element: "uint8_t",
      elements: (kernel) => {
        const { merges, weights } = mergedOnce(kernel);
        const places = Array.from({ length: 8 }, (_, place) => weights.slice(0, 8).reduce((bits, weight, tap) => bits | (((weight >> place) & 1) << tap), 0));
        return [...places, weights[8]! & 0xff, mergeByte(merges)];
      },
      next: "10",
      bytes: (_, count) => 10 * count,
      // Its last digit is the first operation, which may take one more.
      slot: (kernels) => (kernels === undefined ? longest : 2 * Math.max(...kernels.map(mergedOnce).map(({ merges, weights }) => merges.length + 1 + weighing(weights).length))),
      cycles: resident ? 1200 : 1540,
      writer: "write_code",
    },
    [
      { name: loop, template: "write-digits", facts: {}, code: 184, resident },
      { name: "write_code", template: "write-code", facts: { loop }, code: 118, resident: false },
    ],
  );
};

export const kernelCodings: readonly KernelCoding[] = [readyCoding, bitCoding(true), bitCoding(false)];
