import { signedDigits } from "../../catalog/codebook/signed-digits.js";
import { add, clear, first, move, shiftLeft, subtract, sum } from "./half-words.js";

/**
 * The machine code that convolves a 3x3 window with a kernel: RV32EC, in half-words. The window's values are in registers,
 * column by column; s0 is doubled from digit to digit, the highest first, and what has that digit added or subtracted.
 * What is not needed after the window, its first column, is put together with others before, while that makes it shorter.
 */
export function kernelCode(kernel: Int32Array, window: Window): readonly number[] {
  const { merges, weights } = shortest(unmerged(kernel), (merged) => mergesOf(merged, window));
  return [...merges.flatMap(mergeCode), ...multiplyAccumulate(weights, window)];
}

/** The numbers of the registers that hold a window, column by column. */
export type Window = readonly number[];

/** One value of a window added to another, or subtracted from it; by the numbers of their registers. */
export interface Merge {
  readonly into: number;
  readonly from: number;
  readonly negative: boolean;
}

/** A window where values were added to others, by code that comes first, and what it then is convolved with. */
export interface Merged {
  readonly merges: readonly Merge[];
  readonly weights: readonly number[];
}

const unmerged = (kernel: Int32Array): Merged => ({ merges: [], weights: columnMajor(kernel) });

const mergeCode = ({ into, from, negative }: Merge): readonly number[] => (negative ? subtract(into, from) : [add(into, from)]);

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
      const registers = { into: window[into]!, from: window[from]! };
      return [
        { merges: [...merges, { ...registers, negative: false }], weights: weights.with(from, weight - weights[into]!) },
        { merges: [...merges, { ...registers, negative: true }], weights: weights.with(from, weight + weights[into]!) },
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
export function multiplyAccumulate(weights: readonly number[], window: Window): readonly number[] {
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
          ({ merges, weights }) => weights.every((weight) => weight >= -128 && weight < 128) && mergeCode(merges[0]!).length === 1,
        ),
  );

/** Of a merge's byte: it subtracts. */
export const subtracts = 0x80;

/** A merge as a byte, which with others shifted and added is its code: the registers, or 0 for none. */
export function mergeByte([merge]: readonly Merge[]): number {
  if (merge === undefined) return 0;
  const { into, from, negative } = merge;
  const registers = (into - first) << 5;
  return negative ? subtracts | registers | (from - sum) : registers | from;
}

const columnMajor = (kernel: Int32Array): readonly number[] => [0, 3, 6, 1, 4, 7, 2, 5, 8].map((at) => kernel[at]!);
