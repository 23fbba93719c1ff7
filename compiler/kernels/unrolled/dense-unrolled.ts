import { codeBytes } from "../../riscv/index.js";
import { zeroPointOf, rowSumBytes, rowSumTable } from "../sparse/zero-point.js";
import { ascending, evenShape } from "../../catalog/codebook/shape.js";
import { activeShare } from "../sparse/dense-columns.js";
import { listContext, listInputs } from "../sparse/input-lists.js";
import { defineKernel, type JobWeights } from "../contract.js";
import { runsOwnAssembly } from "../instruction-sets.js";
import { placements, slowdown } from "../placement.js";
import { accumulators, frame, linesProgram, type Numbers } from "./rv32-lines.js";

/** How many inputs may be listed at a time. */
const capacities = [128, 48];

/** Units. */
const most = 2 * accumulators.length;

/** Bytes of all lines at most. */
const longest = 30_000;

/** Bytes of code around the assembly; what makes the sums of the zero point takes more, least where it is multiplied. */
const inC = { lists: 232, zeroPoint: { multiplied: 138, added: 184 } };

export default defineKernel({
  name: "dense-unrolled",
  template: "unrolled/dense-unrolled",
  summary:
    "Fully unrolled, the weights are code: a line of additions for each input; inputs equal to the zero point are skipped. For up to sixteen units, four evenly spaced levels and known weights.",
  serves: ["dense"],
  bid: (job, target) => {
    const [held] = job.weights;
    const { rows: units, columns: inputs, quantizer } = held!;
    const shape = evenShape(quantizer.levels);
    const numbers = numbersOf(held!);
    if (!runsOwnAssembly(target) || numbers === undefined || units > most || quantizer.levels.length > 4) return [];
    if (shape === undefined || !Number.isInteger(Math.log2(shape.step))) return [];
    const additions = numbers.map(additionsOf).reduce((sum, count) => sum + count, 0);
    // Distances of lines are half-words; many additions are not even built.
    if (2 * additions > longest) return [];
    const program = linesProgram(numbers);
    const lineBytes = codeBytes(program);
    if (lineBytes > longest) return [];
    const zeroPoint = zeroPointOf(job, target.multiplies);
    const active = inputs * activeShare(job);
    return placements(target, ["lists"]).flatMap(({ of, text }) =>
      capacities.map((capacity) => ({
        cost: {
          flash: {
            code: inC.lists + (zeroPoint === undefined ? 0 : inC.zeroPoint[zeroPoint.multiplied ? "multiplied" : "added"]) + lineBytes,
            weights: zeroPoint === undefined ? 0 : rowSumBytes(units, zeroPoint),
          },
          ram: {
            static: 4 * (8 + Math.max(capacity + 1, zeroPoint === undefined || zeroPoint.multiplied ? 0 : zeroPoint.products / 2)),
            stack: 130,
          },
          cycles: Math.round(
            units * (zeroPoint === undefined ? 10 : 40) +
              inputs * 7 * slowdown(target, of("lists")) +
              active * (24 + additions / inputs) +
              Math.ceil(active / capacity) * (120 + 24 * units),
          ),
        },
        context: {
          ...listContext(quantizer),
          inputs,
          units,
          zeroPoint,
          rowSumsAt: 0,
          capacity,
          neurons: units,
          pairs: Math.floor(units / 2),
          odd: units % 2 === 1,
          stride: 2 * 65_536,
          stepShift: Math.log2(shape.step),
          most: quantizer.levels.length - 1,
          endEntry: inputs * 2 * 65_536,
          program,
          frame: frame.members,
          words: wordLines(numbers),
        },
        calls: { list: listInputs(of("lists")) },
        variant: `${capacity} at a time, ${text}`,
      })),
    );
  },
  tables: ([held], { zeroPoint }) => (zeroPoint === undefined ? [] : [rowSumTable(held!, zeroPoint, held!.rows)]),
});

/** The numbers of the levels of each input's weights, unit by unit, with zeros for units that there are not. */
function numbersOf({ rows, columns, quantizer, levels }: JobWeights): Numbers | undefined {
  if (levels === undefined) return undefined;
  const sorted = ascending(quantizer.levels);
  return Array.from({ length: columns }, (_, column) =>
    Array.from({ length: most }, (_unused, row) => (row < rows ? sorted.indexOf(levels[row * columns + column]!) : 0)),
  );
}

/** A pair takes as many as its larger number: the smaller is added to both at once. */
const additionsOf = (numbers: readonly number[]): number =>
  accumulators.reduce((sum, _, pair) => sum + Math.max(numbers[2 * pair]!, numbers[2 * pair + 1]!), 0);

function wordLines(numbers: Numbers): readonly string[] {
  const words = numbers.map(
    (line) =>
      `0x${line
        .reduce((bits, number, unit) => bits + number * 4 ** unit, 0)
        .toString(16)
        .toUpperCase()
        .padStart(8, "0")},`,
  );
  return Array.from({ length: Math.ceil(words.length / 8) }, (_, line) => words.slice(8 * line, 8 * line + 8).join(" "));
}
