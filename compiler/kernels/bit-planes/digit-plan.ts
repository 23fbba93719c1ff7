import { evenShape } from "../../catalog/codebook/shape.js";
import type { CodedWeights, Job, Table } from "../contract.js";
import type { Quantizer } from "../../catalog/codebook/quantizer.js";
import { isWithin, sumRange } from "../sum-range.js";

/** How the kernel dense-bitplanes sees weights: `lowest + step * u`, with u from 0 to `most` in a nibble. */
export interface DigitLevels {
  readonly lowest: number;
  readonly step: number;
  readonly most: number;
  /** The u whose level is nearest to zero: sums are of u - centre. */
  readonly centre: number;
}

/** Undefined when the levels are not evenly spaced or too many for a nibble. */
export function digitLevels({ levels }: Quantizer): DigitLevels | undefined {
  const shape = evenShape(levels);
  const most = levels.length - 1;
  if (shape === undefined || most > 15) return undefined;
  return { ...shape, most, centre: Math.min(most, Math.max(0, Math.round(-shape.lowest / shape.step))) };
}

/** Which bit planes of the inputs are accumulated where: the lower four and the upper four apart, or all together. */
export interface DigitGroups {
  readonly digits: number;
  readonly split: boolean;
  /** Inputs can be negative: they are taken relative to the zero point, the least of them. */
  readonly zeroPoint: boolean;
}

/**
 * The interval of a 16-bit accumulator: sums of u - centre are kept modulo 2^16. Rounding adds up to 15 before four bits of them are
 * dropped, and up to 128, half of what outputs are shifted by, before these are made.
 */
const half = { low: -(2 ** 15), high: 2 ** 15 - 1 - 15 - 128 };

/** Undefined when sums might not fit in 16 bits even if the digits are split. */
export function digitGroups({ range, weights: [held] }: Job, { lowest, step, centre }: DigitLevels): DigitGroups | undefined {
  const zeroPoint = range.low < 0;
  const digits = zeroPoint ? 8 : range.high.toString(2).length;
  const inputs = { low: Math.min(0, range.low), high: range.high };
  const centred = (level: number): number => (level - lowest) / step - centre;
  // What a unit is, in steps, has to fit as well.
  const steps = (level: number): number => level / step;
  const whole = isWithin(sumRange(held!, inputs, centred), half) && isWithin(sumRange(held!, inputs, steps), half);
  if (whole || digits <= 4) return whole ? { digits, split: false, zeroPoint } : undefined;
  // Four digits of an input less those of the zero point are from -15 to 15; joined, what is kept are sixteenths.
  const nibble = { low: zeroPoint ? -15 : 0, high: 15 };
  const sixteenths = (level: number): number => steps(level) / 16;
  return isWithin(sumRange(held!, nibble, centred), half) && isWithin(sumRange(held!, inputs, sixteenths), half)
    ? { digits, split: true, zeroPoint }
    : undefined;
}

/** Nibble of each of eight units: bytes 0 and 2 of a word of sums are two units in order. */
const places = [0, 4, 2, 6, 1, 5, 3, 7];
export const unitsPerWord = places.length;

/** A row of words for each input: first `width` words of each, then the next of each, at last what is left. */
export function nibbleRows({ rows, columns, codes, quantizer }: CodedWeights, words: number, width: number): Table {
  const { lowest, step } = digitLevels(quantizer)!;
  const wordAt = (column: number, index: number): number =>
    places.reduce((word, place, i) => {
      const row = index * unitsPerWord + i;
      const u = row < rows ? (quantizer.levels[codes[row * columns + column]!]! - lowest) / step : 0;
      return word + u * 16 ** place;
    }, 0);
  const passes = Array.from({ length: Math.ceil(words / width) }, (_, pass) =>
    Array.from({ length: Math.min(width, words - pass * width) }, (_, i) => pass * width + i),
  );
  const values = passes.flatMap((indices) =>
    Array.from({ length: columns }, (_, column) => indices.map((index) => wordAt(column, index))).flat(),
  );
  return { name: "weights", element: "uint32_t", values };
}

/** For each unit the sum of `most` - u, two units a word. */
export function zeroPointTable({ rows, columns, codes, quantizer }: CodedWeights, words: number): Table {
  const { lowest, step, most } = digitLevels(quantizer)!;
  const sumOf = (row: number): number =>
    row >= rows
      ? 0
      : codes.subarray(row * columns, (row + 1) * columns).reduce((sum, code) => sum + most - (quantizer.levels[code]! - lowest) / step, 0);
  const values = Array.from({ length: (words * unitsPerWord) / 2 }, (_, pair) => sumOf(2 * pair) + 65536 * sumOf(2 * pair + 1));
  return { name: "zero_point", element: "uint32_t", values };
}
