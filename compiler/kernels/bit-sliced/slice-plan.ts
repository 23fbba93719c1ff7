import { evenShape } from "../../catalog/codebook/shape.js";
import type { CodedWeights, Job, Table } from "../contract.js";
import type { Quantizer } from "../../catalog/codebook/quantizer.js";
import { sumRange } from "../sum-range.js";

/** How the kernel dense-bitsliced sees weights: `lowest + step * u`, with u from 0 to `most` in `bits` binary digits. */
export interface SliceLevels {
  readonly lowest: number;
  /** A power of two. */
  readonly step: number;
  readonly most: number;
  readonly bits: number;
}

/** Undefined when the levels are not evenly spaced by a power of two. */
export function sliceLevels({ levels }: Quantizer): SliceLevels | undefined {
  const shape = evenShape(levels);
  const most = levels.length - 1;
  return shape === undefined || !Number.isInteger(Math.log2(shape.step)) ? undefined : { ...shape, most, bits: bitsOf(most) };
}

/** Units of a word of slices. */
export const unitsPerWord = 32;

export const groupsOf = (units: number): number => Math.ceil(units / unitsPerWord);

/**
 * Up to 16 units whose sums are read as integers lie in half a word: the upper half of their bits is in the other, as of units 16
 * further. Only where pairs of bits stay pairs.
 */
export const foldsInto = (units: number, { bits }: SliceLevels): boolean => units <= unitsPerWord / 2 && bits % 4 === 0;

/** How many binary digits of the inputs count, and how many slices the sums need. */
export interface SliceSums {
  readonly digits: number;
  /** Inputs can be negative: they are taken relative to the zero point, the least of them. */
  readonly zeroPoint: boolean;
  /** Of the sums of u times the inputs, shifted by the step, and of what they become with all corrections. */
  readonly depth: number;
  /** Bits of the zero-point correction, the sum of `most` - u for each of 32 units; 0 where the zero point is 0. */
  readonly zeroPointBits: number;
}

/** `outputs`: the sums become outputs, which needs their sign; they are read as bytes otherwise. */
export function sliceSums({ range, weights: [held] }: Job, { lowest, step, most }: SliceLevels, outputs: boolean): SliceSums {
  const { low, high } = { low: Math.min(0, range.low), high: range.high };
  const { columns } = held!;
  const zeroPoint = low < 0;
  const numbers = (level: number): number => (level - lowest) / step;
  const largest = bitsOf(step * (sumRange(held!, { low: 0, high }, numbers).high - low * most * columns));
  const sums = sumRange(held!, { low, high });
  const signed = 1 + bitsOf(Math.max(sums.high, -sums.low));
  return {
    digits: bitsOf(high - low),
    zeroPoint,
    depth: outputs ? Math.max(8, largest, signed) : 8 * Math.ceil(largest / 8),
    zeroPointBits: zeroPoint ? bitsOf(sumRange(held!, { low: 0, high: 1 }, (level) => most - numbers(level)).high) : 0,
  };
}

const bitsOf = (value: number): number => value.toString(2).length;

/** The bit of a word that is the unit's: as bytes, the slices then come out in the order of the units. */
const placeOf = (unit: number): number => 8 * (unit % 4) + Math.floor((unit % unitsPerWord) / 4);

/** The bit slices of 32 units from the first: a word for each bit of their numbers. */
function slicesOf(first: number, units: number, digits: number, numberOf: (unit: number) => number): readonly number[] {
  const present = Array.from({ length: Math.min(unitsPerWord, units - first) }, (_, i) => ({
    number: numberOf(first + i),
    place: placeOf(i),
  }));
  return Array.from({ length: digits }, (_, digit) =>
    present.reduce((word, { number, place }) => word + (Math.floor(number / 2 ** digit) % 2) * 2 ** place, 0),
  );
}

/** For each 32 units the slices of u, two at a time and an odd one at last, of all inputs. */
export function weightSlices({ rows, columns, codes, quantizer }: CodedWeights, fold: boolean): Table {
  const { lowest, step, bits } = sliceLevels(quantizer)!;
  const numberAt = (row: number, column: number): number => (quantizer.levels[codes[row * columns + column]!]! - lowest) / step;
  const half = unitsPerWord / 2;
  const digitsAt = (unit: number, column: number): number =>
    fold
      ? unit % half < rows
        ? Math.floor(numberAt(unit % half, column) / (unit < half ? 1 : 2 ** (bits / 2)))
        : 0
      : numberAt(unit, column);
  const width = fold ? bits / 2 : bits;
  const values = groupStarts(rows).flatMap((first) => {
    const columnSlices = Array.from({ length: columns }, (_, column) =>
      slicesOf(first, fold ? unitsPerWord : rows, width, (unit) => digitsAt(unit, column)),
    );
    return passesOf(width).flatMap(({ bit, width: taken }) => columnSlices.flatMap((slices) => slices.slice(bit, bit + taken)));
  });
  return { name: "weights", element: "uint32_t", values };
}

/** For each 32 units the bit slices of their zero-point corrections, the sums of `most` - u. */
export function zeroPointSlices({ rows, columns, codes, quantizer }: CodedWeights, digits: number): Table {
  const { lowest, step, most } = sliceLevels(quantizer)!;
  const sumOf = (row: number): number =>
    codes.subarray(row * columns, (row + 1) * columns).reduce((sum, code) => sum + most - (quantizer.levels[code]! - lowest) / step, 0);
  return { name: "zero_point", element: "uint32_t", values: groupStarts(rows).flatMap((first) => slicesOf(first, rows, digits, sumOf)) };
}

const groupStarts = (units: number): readonly number[] => Array.from({ length: groupsOf(units) }, (_, group) => unitsPerWord * group);

/** The bits of weights are added two at a time, and an odd one at last. */
export const passesOf = (bits: number): readonly { readonly bit: number; readonly width: number }[] =>
  Array.from({ length: Math.ceil(bits / 2) }, (_, pass) => ({ bit: 2 * pass, width: Math.min(2, bits - 2 * pass) }));

/** The bits of the units that there are among the last 32. */
export const lastUnits = (units: number): number =>
  Array.from({ length: units - unitsPerWord * (groupsOf(units) - 1) }, (_, unit) => 2 ** placeOf(unit)).reduce((sum, bit) => sum + bit, 0);
