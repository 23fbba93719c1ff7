import type { CodedWeights, Table } from "../contract.js";

/**
 * The SWAR layout of weights: fields of a few bits, of which each in the low half of a word has its pair 16 bits above. Masked out,
 * a pair times an input is two products in one multiplication.
 */
export interface LaneFields {
  /** Of a field. */
  readonly bits: number;
  /** Pairs whose products are summed at once: a register each. */
  readonly lanes: number;
  /** Times that a word is read until all of its pairs have been. */
  readonly passes: number;
}

/** Registers that there are for sums. */
const mostLanes = 4;

/** Fields as narrow as so many levels allow. */
export function laneFields(levels: number): LaneFields {
  const bits = Math.ceil(Math.log2(levels));
  const pairs = Math.floor(16 / bits);
  const lanes = Math.min(mostLanes, pairs);
  return { bits, lanes, passes: Math.floor(pairs / lanes) };
}

export const unitsAtOnce = ({ lanes }: LaneFields): number => 2 * lanes;

/** Words that the weights of one input take. */
export const wordsOf = (fields: LaneFields, units: number): number => Math.ceil(units / (unitsAtOnce(fields) * fields.passes));

/** The weights of an input side by side, unit after unit by pairs, as the numbers that codes have; units that do not exist have zeros. */
export function fieldWords({ rows, columns, codes }: CodedWeights, fields: LaneFields, numbers: Uint8Array): Table {
  const { bits } = fields;
  const perWord = unitsAtOnce(fields) * fields.passes;
  const shiftOf = (unit: number): number => bits * Math.floor(unit / 2) + 16 * (unit % 2);
  const wordOf = (column: number, word: number): number =>
    Array.from(
      { length: Math.min(perWord, rows - word * perWord) },
      (_, unit) => numbers[codes[(word * perWord + unit) * columns + column]!]! * 2 ** shiftOf(unit),
    ).reduce((sum, field) => sum + field, 0);
  const values = Array.from({ length: columns }, (_, column) =>
    Array.from({ length: wordsOf(fields, rows) }, (_unused, word) => wordOf(column, word)),
  );
  return { name: "weights", element: "uint32_t", values: values.flat() };
}
