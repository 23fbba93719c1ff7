import type { Helper } from "../ir/plan.js";
import { signedDigits } from "./c-expression.js";

/**
 * The machine code that weighs a 3x3 window with a kernel: RV32EC, in half-words. The window's values are in registers,
 * column by column; s0 is doubled from digit to digit, the highest first, and what has that digit added or subtracted.
 */
export function kernelCode(kernel: Int32Array): readonly number[] {
  const digits = columnMajor(kernel)
    .flatMap((weight, tap) => signedDigits(weight).map((digit) => ({ ...digit, register: registers[tap]! })))
    .sort((a, b) => b.shift - a.shift || Number(a.negative) - Number(b.negative));
  const [first, ...others] = digits;
  if (first === undefined) return [clear];
  const code = first.negative ? [clear, ...subtract(first.register)] : [move(first.register)];
  let place = first.shift;
  for (const { shift, negative, register } of others) {
    if (shift < place) code.push(shiftLeft(place - shift));
    place = shift;
    code.push(...(negative ? subtract(register) : [add(register)]));
  }
  return place > 0 ? [...code, shiftLeft(place)] : code;
}

const columnMajor = (kernel: Int32Array): readonly number[] => [0, 3, 6, 1, 4, 7, 2, 5, 8].map((at) => kernel[at]!);

/** s1, a0 to a5, gp and tp. */
const registers = [9, 10, 11, 12, 13, 14, 15, 3, 4];

const clear = 0x4401;
const move = (register: number): number => 0x8402 | (register << 2);
const add = (register: number): number => 0x9402 | (register << 2);
const shiftLeft = (bits: number): number => 0x0402 | (bits << 2);
/** The compressed form reaches x8 to x15. */
const subtract = (register: number): readonly number[] => (register >= 8 ? [0x8c01 | ((register - 8) << 2)] : [0x0433, 0x4004 | (register << 4)]);


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
  return { ...stated, run, helpers: [...writers, { name: run, template: "run-code", facts: { writer: stated.writer }, code: 188, resident: false }] };
};

/** What code takes at most: two bytes for most operations, four for four digits of nine weights where two are far. */
const longest = 2 + 2 * 7 + 4 * (7 * 2 + 2 * 4);

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
 * A byte of the bits of the first eight weights for each place, then the bits of the ninth. Most of the time goes into the
 * loop over places, which is half as quick where it does not run from RAM.
 */
const bitCoding = (resident: boolean): KernelCoding => {
  const loop = resident ? "write_digits" : "write_digits_from_flash";
  return codingOf(
    {
      variant: `code written from ${resident ? "RAM" : "flash"}`,
      element: "uint8_t",
      elements: (kernel) => {
        const weights = columnMajor(kernel);
        const places = Array.from({ length: 8 }, (_, place) => weights.slice(0, 8).reduce((bits, weight, tap) => bits | (((weight >> place) & 1) << tap), 0));
        return [...places, weights[8]! & 0xff];
      },
      next: "9",
      bytes: (_, count) => 9 * count,
      // The first operation may be another one.
      slot: (kernels) => (kernels === undefined ? longest : Math.max(...kernels.map((kernel) => 2 * kernelCode(kernel).length)) + 2),
      cycles: resident ? 1200 : 1540,
      writer: "write_code",
    },
    [
      { name: loop, template: "write-digits", facts: {}, code: 184, resident },
      { name: "write_code", template: "write-code", facts: { loop }, code: 88, resident: false },
    ],
  );
};

export const kernelCodings: readonly KernelCoding[] = [readyCoding, bitCoding(true), bitCoding(false)];
