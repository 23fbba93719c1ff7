import { digitLevels } from "../bit-planes/digit-plan.js";
import type { CodedWeights, Table } from "../contract.js";
import { perWord } from "../nibbles.js";
import { halfOf } from "../requantize/bias-table.js";

/** Nibble of each of eight units: then the sums of a word lie so that they are packed in order. */
const places = [0, 2, 1, 3, 4, 6, 5, 7];

/** Of what the sums of a word are two in a word: units in the order of its half-words. */
const pairs = [
  [0, 4],
  [1, 5],
  [2, 6],
  [3, 7],
] as const;

export interface RowTables {
  /** Words of weights of a pass, and passes. */
  readonly words: number;
  readonly passes: number;
  /** Whether the words of a value lie side by side. */
  readonly beside: boolean;
  /** Values of one channel in a window. */
  readonly taps: number;
  readonly step: number;
  readonly lowest: number;
}

/** Channels that only pad a word count as none: their sums are below zero whatever the values. */
const paddingCode = ({ lowest, step }: Pick<RowTables, "lowest" | "step">): number => Math.floor(-lowest / step);

/** The numbers of levels, eight channels a word: for each pass and value, row by row and column by column, those of all its channels. */
export function weightTable({ rows, columns, codes, quantizer }: CodedWeights, context: RowTables): Table {
  const { words, passes, beside, taps } = context;
  const { lowest, step } = digitLevels(quantizer)!;
  const depth = columns / taps;
  const orderOf = (value: number): number => (value % depth) * taps + Math.floor(value / depth);
  const wordOf = (index: number, value: number): number =>
    places.reduce((word, place, i) => {
      const row = perWord * index + i;
      const u = row < rows ? (quantizer.levels[codes[row * columns + orderOf(value)]!]! - lowest) / step : paddingCode(context);
      return word + u * 16 ** place;
    }, 0);
  const all = Array.from({ length: columns }, (_, value) => value);
  const values = Array.from({ length: passes }, (_, pass) => {
    const indices = Array.from({ length: words }, (_, word) => pass * words + word);
    return beside
      ? all.flatMap((value) => indices.map((index) => wordOf(index, value)))
      : indices.flatMap((index) => all.map((value) => wordOf(index, value)));
  });
  return { name: "weights", element: "uint32_t", values: values.flat() };
}

/** What is added to the sums of units before they are shifted, in steps, as far above the least of all as `ground` is below 32768. */
export interface Biases {
  readonly least: number;
  readonly lanes: readonly number[];
}

/** Biases and half of what is shifted out, two units a word; where a step is 2, then those for windows whose sum of values is odd. */
export function biasLanes(bias: readonly number[], shift: number, { words, passes, step }: RowTables): Biases {
  const added = bias.map((value) => value + halfOf(shift));
  const least = Math.floor(Math.min(...added) / step);
  const stepsOf = (unit: number, odd: number): number =>
    unit < added.length ? Math.floor((added[unit]! + odd) / step) - least : -1 - least;
  const lanes = Array.from({ length: step }, (_, odd) =>
    Array.from({ length: words * passes }, (_, word) =>
      pairs.map(([low, high]) => (stepsOf(perWord * word + low, odd) + 65_536 * stepsOf(perWord * word + high, odd)) >>> 0),
    ),
  ).flat(2);
  return { least, lanes };
}
