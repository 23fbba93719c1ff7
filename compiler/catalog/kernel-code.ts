import type { Helper } from "../ir/plan.js";
import { signedDigits } from "./c-expression.js";

/**
 * The machine code that weighs a 3x3 window with a kernel: RV32EC, in half-words. The window's values are in registers,
 * column by column; s0 is doubled from digit to digit, the highest first, and what has that digit added or subtracted.
 */
export function digitsCode(kernel: Int32Array): readonly number[] {
  return weighing(columnMajor(kernel));
}

/** The same, shortened: what is not needed after the window, its first column, is put together with others before. */
export function kernelCode(kernel: Int32Array): readonly number[] {
  const { merges, weights } = shortest({ merges: [], weights: columnMajor(kernel) });
  return [...merges.flat(), ...weighing(weights)];
}

/** A window where values were added to others, by code that comes first, and what it then is weighed with. */
interface Merged {
  readonly merges: readonly (readonly number[])[];
  readonly weights: readonly number[];
}

function shortest(merged: Merged): Merged {
  const [best] = mergesOf(merged)
    .filter((next) => operations(next) < operations(merged))
    .sort((a, b) => operations(a) - operations(b));
  return best === undefined ? merged : shortest(best);
}

/** All ways of adding one more value to another of the first column or subtracting it: a x + b y = a (x + y) + (b - a) y. */
function mergesOf({ merges, weights }: Merged): readonly Merged[] {
  return [0, 1, 2].flatMap((into) =>
    weights.flatMap((weight, from) => {
      if (from === into) return [];
      const [sum, difference] = [[add(registers[into]!, registers[from]!)], subtract(registers[into]!, registers[from]!)];
      return [
        { merges: [...merges, sum], weights: weights.with(from, weight - weights[into]!) },
        { merges: [...merges, difference], weights: weights.with(from, weight + weights[into]!) },
      ];
    }),
  );
}

function operations({ merges, weights }: Merged): number {
  const digits = weights.flatMap((weight) => signedDigits(weight));
  return merges.length + digits.length + new Set(digits.map(({ shift }) => shift)).size;
}

function weighing(weights: readonly number[]): readonly number[] {
  const digits = weights
    .flatMap((weight, tap) => signedDigits(weight).map((digit) => ({ ...digit, register: registers[tap]! })))
    .sort((a, b) => b.shift - a.shift || Number(a.negative) - Number(b.negative));
  const [first, ...others] = digits;
  if (first === undefined) return [clear];
  const code = first.negative ? [clear, ...subtract(sum, first.register)] : [move(sum, first.register)];
  let place = first.shift;
  for (const { shift, negative, register } of others) {
    if (shift < place) code.push(shiftLeft(sum, place - shift));
    place = shift;
    code.push(...(negative ? subtract(sum, register) : [add(sum, register)]));
  }
  return place > 0 ? [...code, shiftLeft(sum, place)] : code;
}

const columnMajor = (kernel: Int32Array): readonly number[] => [0, 3, 6, 1, 4, 7, 2, 5, 8].map((at) => kernel[at]!);

/** s0; s1, a0 to a5, gp and tp. */
const [sum, registers] = [8, [9, 10, 11, 12, 13, 14, 15, 3, 4]] as const;

const clear = 0x4001 | (sum << 7);
const move = (to: number, from: number): number => 0x8002 | (to << 7) | (from << 2);
const add = (to: number, what: number): number => 0x9002 | (to << 7) | (what << 2);
const shiftLeft = (what: number, bits: number): number => 0x0002 | (what << 7) | (bits << 2);
/** The compressed form reaches x8 to x15. */
const subtract = (from: number, what: number): readonly number[] =>
  what >= 8 ? [0x8c01 | ((from - 8) << 7) | ((what - 8) << 2)] : [0x0033 | (from << 7) | ((from & 1) << 15), 0x4000 | (what << 4) | (from >> 1)];

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
      slot: (kernels) => (kernels === undefined ? longest : Math.max(...kernels.map((kernel) => 2 * digitsCode(kernel).length)) + 2),
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
