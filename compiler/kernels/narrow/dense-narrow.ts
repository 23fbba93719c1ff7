import { timesConstant } from "../c-expression.js";
import { digitLevels } from "../bit-planes/digit-plan.js";
import { levelText } from "../dense-rows/dense-rows.js";
import { defineKernel, type CodedWeights, type Table } from "../contract.js";
import { byPixels, nibblesOf, perWord } from "../nibbles.js";

/** Inputs that are added up before sums of 16 bits might be full, however large weights and inputs are. */
const blockOf = (largest: number, most: number): number => Math.floor(65_535 / (largest * most));

/** Units of the last group, and bytes of its weights: as few as hold them. */
const tailOf = (units: number): { readonly bytes: 1 | 2 | 4; readonly units: number } | undefined => {
  const left = units % perWord;
  return left === 0 ? undefined : { bytes: left <= 2 ? 1 : left <= 4 ? 2 : 4, units: left };
};

export default defineKernel({
  name: "dense-narrow",
  template: "narrow/dense-narrow",
  summary:
    "Outer products: each active input adds the weights of all units, shifted to each of its set bits, to sums of 16 bits, two in a word (SWAR). Weights are packed four bits each, " +
    "and nothing is listed: little code, no RAM, no multiplication. For inputs of up to four bits and up to sixteen evenly spaced levels.",
  serves: ["dense"],
  nibbles: { reads: true },
  bid: (job, target) => {
    const [held] = job.weights;
    const levels = digitLevels(held!.quantizer);
    const { rows: units, columns } = held!;
    const groups = Math.floor(units / perWord);
    if (levels === undefined || job.range.low < 0 || job.range.high > 15 || levels.step > 2 || target.multiplies) return [];
    const packed = job.stored.reads === "u4" ? nibblesOf(job.stored.shape) : undefined;
    const tail = tailOf(units);
    const block = blockOf(job.range.high, levels.most);
    const active = job.occupancy?.active ?? 0.35;
    const bits = job.occupancy?.digits ?? 1.5;
    // As GCC makes it on cores of 16 registers.
    const visit = 26 + 62 * groups + (tail === undefined ? 0 : 10 + 16 * Math.min(4, tail.units));
    return [
      {
        cost: {
          flash: {
            code: 330 + (groups === 0 ? 0 : 90) + (tail === undefined ? 0 : 50),
            weights: columns * (4 * groups + (tail?.bytes ?? 0)),
          },
          ram: { static: 0, stack: 60 + 16 * (groups + 1) },
          cycles: Math.round(200 + columns * 22 + columns * active * (14 + bits * visit) + units * 30),
        },
        context: {
          ...{ units, inputs: columns, groups, tail, packed, block },
          in: packed === undefined ? "int8_t" : "uint32_t",
          pixels: packed?.pixels ?? 1,
          channels: packed?.channels ?? columns,
          pairs: 4 * (groups + (tail === undefined ? 0 : 1)),
          format: held!.quantizer.name,
          level: levelText(levels),
          more: timesConstant("total", levels.lowest),
          step2: levels.step === 2,
        },
      },
    ];
  },
  tables: ([held], { groups, tail, packed }) => {
    const ordered = packed === undefined ? held! : byPixels(held!, packed);
    return [
      ...(groups === 0 ? [] : [groupTable("weights", ordered, 0, groups, 4)]),
      ...(tail === undefined ? [] : [groupTable("last", ordered, groups, 1, tail.bytes)]),
    ];
  },
});

const elements = { 1: "uint8_t", 2: "uint16_t", 4: "uint32_t" } as const;

/** For each input the numbers of some groups of eight units, the first in the lowest bits. */
function groupTable(name: string, held: CodedWeights, first: number, groups: number, bytes: 1 | 2 | 4): Table {
  const { rows, columns, codes, quantizer } = held;
  const { lowest, step } = digitLevels(quantizer)!;
  const wordOf = (column: number, group: number): number =>
    Array.from({ length: 2 * bytes }, (_, place) => {
      const row = perWord * group + place;
      return row < rows ? ((quantizer.levels[codes[row * columns + column]!]! - lowest) / step) * 16 ** place : 0;
    }).reduce((sum, part) => sum + part, 0);
  const values = Array.from({ length: columns }, (_, column) =>
    Array.from({ length: groups }, (_unused, group) => wordOf(column, first + group)),
  );
  return { name, element: elements[bytes], values: values.flat() };
}
