import type { Target } from "../../ir/target.js";
import { slowdown, slowdownBy } from "../placement.js";
import type { Cost } from "../../ir/plan.js";
import type { EvenShape } from "../../catalog/codebook/shape.js";
import type { CodedWeights, Job, Table } from "../contract.js";
import { codesPerWord, packRow, wordsPerRow } from "../../catalog/codebook/packing.js";
import type { Packing, Quantizer } from "../../catalog/codebook/quantizer.js";

/** What all dense kernels that walk the weights row by row tell the template dense-rows. */
export interface DenseRows {
  readonly inputs: number;
  readonly units: number;
  /** How many codes a word of the table holds. */
  readonly perWord: number;
  /** Whether the last word of a row is full. */
  readonly whole: boolean;
  /** Whether a row is one word. */
  readonly single: boolean;
  readonly word: "uint8_t" | "uint16_t" | "uint32_t";
  readonly format: string;
  /** C parameters after `in` and `out`. */
  readonly parameters: string;
}

export function denseRows({ weights: [held] }: Job): DenseRows {
  const { rows, columns, quantizer } = held!;
  const { packing } = quantizer;
  const perWord = codesPerWord(packing);
  return {
    inputs: columns,
    units: rows,
    perWord,
    whole: columns % perWord === 0,
    single: columns <= perWord,
    word: `uint${packing.word}_t`,
    format: quantizer.name,
    parameters: "",
  };
}

/** The rows as the quantizer packs them; `recode` maps a code to what the kernel wants to find instead. */
export function packedRows([held]: readonly CodedWeights[], recode?: Uint8Array): Table {
  const { rows, columns, quantizer, codes } = held!;
  const stored = recode === undefined ? codes : codes.map((code) => recode[code]!);
  const values = Array.from({ length: rows }, (_, row) =>
    packRow(quantizer.packing, stored.subarray(row * columns, (row + 1) * columns), 0),
  );
  return { name: "weights", element: `uint${quantizer.packing.word}_t`, values: values.flat() };
}

/** How a template takes the next code from a word, as C: `before` prepares, `code` is the code, `after` moves on. */
export interface CodeReader {
  readonly before: string;
  readonly code: string;
  readonly after: string;
  /** Where the first code of a word is, for a comment. */
  readonly order: string;
}

export function codeReader(packing: Packing, variable: string): CodeReader {
  if (packing.kind === "bits") {
    return {
      before: "",
      code: `${variable} & ${2 ** packing.width - 1}u`,
      after: `${variable} >>= ${packing.width};`,
      order: "the first in the low bits",
    };
  }
  const times = Array.from({ length: packing.base - 1 }, () => variable).join(" + ");
  return {
    before: `${variable} += ${times};`,
    code: `${variable} >> ${packing.word}`,
    after: `${variable} &= 0x${(2 ** packing.word - 1).toString(16).toUpperCase()}u;`,
    order: `base-${packing.base} digits of a fraction of 2^${packing.word}`,
  };
}

/** Whether sums in which every int8 input counts up to `reach` times stay inside int32. */
export const sumsFit = ({ weights: [held] }: Job, reach: number): boolean => held!.columns * 128 * reach < 2 ** 31;

/** An evenly spaced level, from the lowest on, as C would say it: `2*u - 15`. */
export const levelText = ({ lowest, step }: EvenShape): string =>
  `${step === 1 ? "" : `${step}*`}u${lowest === 0 ? "" : lowest < 0 ? ` - ${-lowest}` : ` + ${lowest}`}`;

/** From the lowest to the highest level. */
export const levelRange = ({ levels }: Quantizer): number => Math.max(...levels) - Math.min(...levels);

/** What one inner loop costs, measured with GCC 12 -Os for rv32ec and the cycle model of one flash wait state. */
interface DenseEstimate {
  /** Bytes of code when every row fills its last word. */
  readonly code: number;
  /** Cycles for one weight, for one word beyond its weights and for one row beyond its words. */
  readonly perWeight: number;
  readonly perRow?: number;
  /** Bytes of tables beside the weights. */
  readonly tables?: number;
  readonly scratch?: number;
}

const cyclesPerWord = 14;
const cyclesPerRow = 25;
const tailCode = 10;
const codeOfWordLoop = 16;

/** How much slower code in flash is than with the one wait state that it was measured with. */
const sinceMeasured = (target: Target): number => slowdown(target, "flash") / slowdownBy(1);

/** What a row kernel costs, from what its inner loop costs. */
export function denseCost(target: Target, { weights: [held] }: Job, estimate: DenseEstimate): Cost {
  const { code, perWeight, perRow = 0, tables = 0, scratch = 0 } = estimate;
  const { rows, columns, quantizer } = held!;
  const { packing } = quantizer;
  const perWord = codesPerWord(packing);
  const words = rows * wordsPerRow(packing, columns);
  return {
    flash: {
      code: code + (columns <= perWord ? -codeOfWordLoop : columns % perWord === 0 ? 0 : tailCode),
      weights: words * (packing.word / 8) + tables,
    },
    ram: { static: scratch, stack: 24 },
    cycles: Math.round((rows * (columns * perWeight + cyclesPerRow + perRow) + words * cyclesPerWord) * sinceMeasured(target)),
  };
}
