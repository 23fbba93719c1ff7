import type { Interrupts } from "../../ir/plan.js";
import { signedDigits } from "../../catalog/codebook/signed-digits.js";

/**
 * The machine code that weighs a 3x3 window with a kernel: RV32EC, in half-words. The window's values are in registers,
 * column by column; s0 is doubled from digit to digit, the highest first, and what has that digit added or subtracted.
 * What is not needed after the window, its first column, is put together with others before, while that makes it shorter.
 */
export function kernelCode(kernel: Int32Array, window: Window): readonly number[] {
  const { merges, weights } = shortest(unmerged(kernel), (merged) => mergesOf(merged, window));
  return [...merges.flat(), ...weighing(weights, window)];
}

/** The numbers of the registers that hold a window, column by column. */
export type Window = readonly number[];

/** s1, a0 to a5; then gp and tp, or where handlers of interrupts may use gp, tp and t0. */
export const windows: Readonly<Record<Interrupts, Window>> = {
  disabled: [9, 10, 11, 12, 13, 14, 15, 3, 4],
  allowed: [9, 10, 11, 12, 13, 14, 15, 4, 5],
};

/** A window where values were added to others, by code that comes first, and what it then is weighed with. */
export interface Merged {
  readonly merges: readonly (readonly number[])[];
  readonly weights: readonly number[];
}

const unmerged = (kernel: Int32Array): Merged => ({ merges: [], weights: columnMajor(kernel) });

/** By the steps that make it shorter, one after the other. */
function shortest(merged: Merged, next: (merged: Merged) => readonly Merged[]): Merged {
  const best = next(merged).reduce((best, one) => (operations(one) < operations(best) ? one : best), merged);
  return best === merged ? merged : shortest(best, next);
}

/** All ways of adding one more value to another of the first column or subtracting it: a x + b y = a (x + y) + (b - a) y. */
function mergesOf({ merges, weights }: Merged, window: Window): readonly Merged[] {
  return [0, 1, 2].flatMap((into) =>
    weights.flatMap((weight, from) => {
      if (from === into) return [];
      return [
        { merges: [...merges, [add(window[into]!, window[from]!)]], weights: weights.with(from, weight - weights[into]!) },
        { merges: [...merges, subtract(window[into]!, window[from]!)], weights: weights.with(from, weight + weights[into]!) },
      ];
    }),
  );
}

/** Merges, digits, and a doubling for each place that has some. */
function operations({ merges, weights }: Merged): number {
  const places = weights.map(placesOf);
  return [...places, places.reduce((all, each) => all | each)].reduce((sum, bits) => sum + bitCount(bits), merges.length);
}

/** Where a weight's signed digits are: where it and three times it differ, one place further. */
const placesOf = (weight: number): number => (weight ^ (3 * weight)) >>> 1;

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** Code for weights as they are. */
export function weighing(weights: readonly number[], window: Window): readonly number[] {
  const digits = weights
    .flatMap((weight, tap) => signedDigits(weight).map((digit) => ({ ...digit, register: window[tap]! })))
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

/** One merge at most, in one half-word, after which weights still are bytes. */
export const mergedOnce = (kernel: Int32Array, window: Window): Merged =>
  shortest(unmerged(kernel), (merged) =>
    merged.merges.length > 0
      ? []
      : mergesOf(merged, window).filter(
          ({ merges, weights }) => merges[0]!.length === 1 && weights.every((weight) => weight >= -128 && weight < 128),
        ),
  );

/** A merge as a byte: its registers; from 128 on for subtracting; 0 for none. */
export const mergeByte = ([merge]: Merged["merges"]): number => {
  const [code] = merge ?? [];
  if (code === undefined) return 0;
  return code % 4 === 2 ? (code - add(firstOfWindow, 0)) / 4 : 0x80 | ((code - subtract(firstOfWindow, sum)[0]!) / 4);
};

const columnMajor = (kernel: Int32Array): readonly number[] => [0, 3, 6, 1, 4, 7, 2, 5, 8].map((at) => kernel[at]!);

/** s0, and s1. */
const [sum, firstOfWindow] = [8, 9] as const;

const clear = 0x4001 | (sum << 7);
const move = (to: number, from: number): number => 0x8002 | (to << 7) | (from << 2);
const add = (to: number, what: number): number => 0x9002 | (to << 7) | (what << 2);
const shiftLeft = (what: number, bits: number): number => 0x0002 | (what << 7) | (bits << 2);
/** The compressed form reaches x8 to x15. */
const subtract = (from: number, what: number): readonly number[] =>
  what >= 8
    ? [0x8c01 | ((from - 8) << 7) | ((what - 8) << 2)]
    : [0x0033 | (from << 7) | ((from & 1) << 15), 0x4000 | (what << 4) | (from >> 1)];
