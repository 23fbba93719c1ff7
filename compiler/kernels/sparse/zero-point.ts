import type { CodedWeights, Job, Table } from "../contract.js";

/**
 * Zero-point correction. Sparse kernels skip inputs equal to the zero point, which is the zero point of a picture: an accumulator
 * is the sum over the differences, plus zeroPoint * sum(w) of its row, a constant.
 *
 * Where a core does not multiply, the sum of a row is stored as digits above the lowest row's, and the products of the zero point
 * by all digits are made first.
 */
export interface ZeroPoint {
  readonly multiplied: boolean;
  /** The lowest sum of a row. */
  readonly lowest: number;
  /** It is below zero. */
  readonly negative: boolean;
  readonly digitBits: number;
  /** The lowest first: by how much the product of each is shifted, and what it is of the lowest sum. */
  readonly digits: readonly { readonly shift: number; readonly ofLowest: number }[];
  /** How many products there are. */
  readonly products: number;
}

/** Undefined where no input is negative: there the zero point is 0. */
export function zeroPointOf({ weights: [held], range }: Job, multiplies: boolean): ZeroPoint | undefined {
  if (range.low >= 0) return undefined;
  const { rows, columns, quantizer, levels } = held!;
  const sums =
    levels === undefined
      ? [Math.min(...quantizer.levels) * columns, Math.max(...quantizer.levels) * columns]
      : rowSums(rows, columns, levels);
  const lowest = Math.min(...sums);
  const bits = Math.max(Math.max(...sums) - lowest, Math.abs(lowest)).toString(2).length;
  const counts = Array.from({ length: bits }, (_, i) => i + 1).filter((digits) => Math.ceil(bits / digits) <= 8);
  const count = counts.reduce((best, next) => (cyclesOf(rows, bits, next) < cyclesOf(rows, bits, best) ? next : best));
  const digitBits = Math.ceil(bits / count);
  const digits = Array.from({ length: count }, (_, index) => ({
    shift: digitBits * index,
    ofLowest: digitOf(Math.abs(lowest), digitBits * index, digitBits),
  }));
  return { multiplied: multiplies, lowest, negative: lowest < 0, digitBits, digits, products: 2 ** digitBits };
}

/** Of making the products, and of looking up those of each row: the fewer rows there are, the more digits are worth it. */
const cyclesOf = (rows: number, bits: number, count: number): number => 12 * 2 ** Math.ceil(bits / count) + 14 * rows * count;

const digitOf = (value: number, shift: number, bits: number): number => Math.floor(value / 2 ** shift) % 2 ** bits;

const rowSums = (rows: number, columns: number, levels: Int32Array): readonly number[] =>
  Array.from({ length: rows }, (_, row) => levels.subarray(row * columns, (row + 1) * columns).reduce((sum, level) => sum + level, 0));

/** What the template reads of each row; of rows that only fill up a group, as if it were the lowest. */
export function rowSumTable(
  { rows, columns, quantizer, codes }: CodedWeights,
  { multiplied, lowest, digitBits, digits }: ZeroPoint,
  neurons: number,
): Table {
  const sums = rowSums(
    rows,
    columns,
    Int32Array.from(codes, (code) => quantizer.levels[code]!),
  );
  const all = Array.from({ length: neurons }, (_, row) => sums[row] ?? lowest);
  if (multiplied) return { name: "row_sums", element: all.every((sum) => Math.abs(sum) < 32_768) ? "int16_t" : "int32_t", values: all };
  const digitsOf = (sum: number): readonly number[] => digits.map(({ shift }) => digitOf(sum - lowest, shift, digitBits));
  return { name: "row_sums", element: "uint8_t", values: all.flatMap(digitsOf) };
}

export const rowSumBytes = (neurons: number, { multiplied, lowest, digits }: ZeroPoint): number =>
  neurons * (multiplied ? (Math.abs(lowest) < 32_768 ? 2 : 4) : digits.length);
