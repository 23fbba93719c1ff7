import type { Target } from "../../ir/target.js";
import { timesUnsigned } from "../c-expression.js";
import { levelText } from "../dense-rows/dense-rows.js";
import { zeroPointSlices, sliceLevels, sliceSums, foldsInto, groupsOf, lastUnits, passesOf, weightSlices } from "./slice-plan.js";
import { chunksFor, listingCycles, listingsFor } from "../bit-planes/digit-lists.js";
import { defineKernel, type Job, rescales } from "../contract.js";
import { slowdown } from "../placement.js";
import { type Choice, sliceCalls, widthOf } from "./slice-routines.js";

export default defineKernel({
  name: "dense-bitsliced",
  template: "bit-sliced/dense-bitsliced",
  summary:
    "Bit-sliced: for each bit of the inputs, the sparse list of inputs that have it set; the weights of a list are accumulated bit by bit, by logic operations, for 32 units at once. For evenly spaced levels, without a multiplier.",
  serves: [["dense"], ["dense", "relu"]],
  bid: (job, target) => {
    const relu = job.layers.length === 2;
    const levels = sliceLevels(job.weights[0]!.quantizer);
    if (levels === undefined || job.reads.element === "i32" || (relu && !rescales(job))) return [];
    const sums = sliceSums(job, levels, relu);
    if (sums.depth > 32) return [];
    const fold = !relu && foldsInto(job.weights[0]!.rows, levels);
    return listingsFor(target, ["rows", "lists"]).map(([variant, listing]) =>
      offerOf(job, target, variant, { ...levels, ...sums, ...listing, fold }),
    );
  },
  tables: ([held], { zeroPointBits, fold }) => {
    const weights = weightSlices(held!, fold);
    return zeroPointBits === 0 ? [weights] : [weights, zeroPointSlices(held!, zeroPointBits)];
  },
});

/** An entry of a list is a byte. */
const blockInputs = 256;

function offerOf(job: Job, target: Target, variant: string, choice: Choice) {
  const { zeroPoint, zeroPointBits, capacity, depth, lowest, most, step } = choice;
  const width = widthOf(choice);
  const { rows, columns, quantizer } = job.weights[0]!;
  const relu = job.layers.length === 2;
  const groups = groupsOf(rows);
  const blocks = columns > blockInputs;
  return {
    variant,
    cost: {
      flash: {
        code: (zeroPoint ? 340 : relu ? 160 : 162) + 30 * passesOf(width).length + (blocks ? 60 : 0),
        weights: 4 * groups * (width * columns + zeroPointBits),
      },
      ram: { static: 4 * depth * groups + 8 * capacity, stack: 148 },
      cycles: cyclesOf(choice, job, relu, target),
    },
    context: {
      ...{ most, capacity, digits: choice.digits, fold: choice.fold, zeroPoint, zeroPointBits, depth },
      inputs: columns,
      units: rows,
      relu,
      blocks,
      blockEnd: Math.min(columns, blockInputs),
      out: relu ? "int8_t" : "int32_t",
      format: quantizer.name,
      level: levelText(choice),
      sumWords: depth * groups,
      stepPlace: placeText(Math.log2(step)),
      passes: passesOf(width).map(({ bit, width: taken }) => ({
        call: taken === 2 ? "pairs" : "singles",
        ...{ bit, next: bit + 1, pair: taken === 2 },
        place: placeText(bit + Math.log2(step)),
        first: blocks ? ` + ${taken === 2 ? "2 * first" : "first"}` : "",
        words: columns * taken,
      })),
      lastUnits: `0x${lastUnits(rows).toString(16).toUpperCase().padStart(8, "0")}u`,
      offset: timesUnsigned("total", lowest),
      largestSum: (lowest + step * most) * columns,
    },
    calls: sliceCalls(choice, relu),
  };
}

const placeText = (place: number): string => (place === 0 ? "" : ` + ${place}`);

/** As measured on MNIST: what each input and digit costs, and how many there are where nobody measured it. */
function cyclesOf(choice: Choice, { weights: [held], occupancy }: Job, relu: boolean, target: Target): number {
  const { zeroPoint, depth, digits, most, rows: adds } = choice;
  const { rows, columns } = held!;
  const active = columns * (occupancy?.active ?? (zeroPoint ? 0.31 : 0.37));
  const visits = active * (occupancy?.digits ?? 3);
  const chunks = chunksFor(choice, active);
  const groups = groupsOf(rows);
  const passes = passesOf(widthOf(choice)).map(({ width }) => (width === 1 ? 16 : most === 2 ? 22 : 25));
  const listing = listingCycles(choice, target, { chunks, inputs: columns, active });
  const adding = passes.reduce(
    (sum, visit) => sum + visits * visit * slowdown(target, adds) + chunks * digits * 50 * slowdown(target, "flash"),
    0,
  );
  return Math.round(
    500 + listing + slowdown(target, "flash") * (groups * (relu ? 700 : 26 * depth) + rows * (relu ? 0 : 87)) + groups * adding,
  );
}
