import { timesUnsigned } from "../c-expression.js";
import { evenShape, ranks } from "../../catalog/codebook/shape.js";
import { codeReader, packedRows } from "../dense-rows/dense-rows.js";
import { type CodedWeights, type JobWeights, type Table, tableBytes } from "../contract.js";
import { codesPerWord, packedBytes, wordsPerRow } from "../../catalog/codebook/packing.js";
import type { Packing, Quantizer } from "../../catalog/codebook/quantizer.js";

/**
 * The packed weights of one output channel, and how C decodes them to integers once a channel: filters are small and used at
 * hundreds of positions, so each code is decoded only once, whatever its format.
 */
export interface ConvRows {
  /** Weights of a row. */
  readonly total: number;
  readonly perWord: number;
  /** Whether a word holds more than one. */
  readonly several: boolean;
  readonly whole: boolean;
  readonly word: "uint8_t" | "uint16_t" | "uint32_t";
  /** Of an integer weight. */
  readonly level: "int8_t" | "int16_t";
  readonly before: string;
  /** The next code, and its level unless it is looked up. */
  readonly code: string;
  readonly value: string;
  readonly looked: boolean;
  readonly after: string;
  readonly format: string;
  readonly order: string;
  /** The level of what is stored, for a comment. */
  readonly formula: string;
}

export function convRows({ columns, quantizer }: JobWeights): ConvRows {
  const packing = rowPacking(quantizer.packing, columns);
  const { before, code, after, order } = codeReader(packing, "codes");
  const perWord = codesPerWord(packing);
  const value = levelExpression(quantizer, code);
  return {
    total: columns,
    perWord,
    several: perWord > 1,
    whole: columns % perWord === 0,
    word: `uint${packing.word}_t`,
    level: levelType(quantizer),
    before,
    code,
    value: value ?? "",
    looked: value === undefined,
    after,
    format: quantizer.name,
    order,
    formula: formulaOf(quantizer),
  };
}

/** Words of a row: what the table moves on by from channel to channel. */
export const rowWords = ({ columns, quantizer }: JobWeights): number => wordsPerRow(rowPacking(quantizer.packing, columns), columns);

/** Bytes of all tables. */
export const rowBytes = ({ rows, columns, quantizer }: JobWeights): number =>
  packedBytes(rowPacking(quantizer.packing, columns), rows, columns) +
  (evenShape(quantizer.levels) === undefined ? tableBytes(levelTable(quantizer)) : 0);

/** The rows in the smallest words, and the level of each code where it cannot be computed. */
export function rowTables([held]: readonly CodedWeights[]): readonly Table[] {
  const { quantizer, columns } = held!;
  const packed: CodedWeights = { ...held!, quantizer: { ...quantizer, packing: rowPacking(quantizer.packing, columns) } };
  return evenShape(quantizer.levels) === undefined
    ? [packedRows([packed]), levelTable(quantizer)]
    : [packedRows([packed], ranks(quantizer.levels))];
}

/** A row of a small kernel would waste most of a large word. */
function rowPacking(packing: Packing, columns: number): Packing {
  if (packing.kind !== "bits") return packing;
  const choices = ([32, 16, 8] as const).filter((word) => word >= packing.width).map((word) => ({ ...packing, word }));
  return choices.reduce((best, next) => (packedBytes(next, 1, columns) < packedBytes(best, 1, columns) ? next : best));
}

/** A rank times the step above the lowest level; undefined where levels have to be looked up. */
function levelExpression({ levels }: Quantizer, code: string): string | undefined {
  const even = evenShape(levels);
  if (even === undefined) return undefined;
  const steps = even.step === 1 ? `(${code})` : `(${timesUnsigned(`(${code})`, even.step)})`;
  return `(int)${steps} ${even.lowest < 0 ? "-" : "+"} ${Math.abs(even.lowest)}`;
}

/** `2*u - 15`. */
function formulaOf({ levels }: Quantizer): string {
  const even = evenShape(levels);
  if (even === undefined) return "";
  const constant = even.lowest === 0 ? "" : even.lowest < 0 ? ` - ${-even.lowest}` : ` + ${even.lowest}`;
  return `${even.step === 1 ? "" : `${even.step}*`}u${constant}`;
}

const levelTable = (quantizer: Quantizer): Table => ({ name: "levels", element: levelType(quantizer), values: quantizer.levels });

const levelType = ({ levels }: Quantizer): "int8_t" | "int16_t" =>
  levels.every((level) => level >= -128 && level < 128) ? "int8_t" : "int16_t";
