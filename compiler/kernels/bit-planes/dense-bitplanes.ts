import type { Target } from "../../ir/target.js";
import { biasTable, biasValues, halfOf, knownHalf, largestActivation, shiftAmong } from "../requantize/bias-table.js";
import { timesUnsigned } from "../c-expression.js";
import { defineKernel, type Job, onesOf, rescales } from "../contract.js";
import { slowdown, waitStates } from "../placement.js";
import { chunksFor, listingCycles, listingsFor } from "./digit-lists.js";
import { zeroPointTable, digitGroups, digitLevels, type DigitLevels, nibbleRows, unitsPerWord } from "./digit-plan.js";
import { type Choice, digitCalls, isSimple } from "./digit-routines.js";
import { accumulators, rest } from "./rv32-digit-block.js";

export default defineKernel({
  name: "dense-bitplanes",
  template: "bit-planes/dense-bitplanes",
  summary:
    "Bit planes of the inputs: for each bit, the sparse list of inputs that have it set; the weights of a list are accumulated eight to a word (SWAR). For five to sixteen evenly spaced levels, without a multiplier.",
  serves: [["dense"], ["dense", "relu"], ["dense", "bias", "relu"]],
  bid: (job, target) => {
    const levels = digitLevels(job.weights[0]!.quantizer);
    const groups = levels && digitGroups(job, levels);
    if (levels === undefined || levels.most < 4 || groups === undefined || job.reads.element === "i32") return [];
    const { rows } = job.weights[0]!;
    const ends = endOf(job);
    if (ends !== "sums" && rows % 2 !== 0) return [];
    // What is rescaled by its maximum is asked for its bits in halves of a step.
    if (ends === "rescaled" && (!rescales(job) || levels.step > 2)) return [];
    // Words are added up in fours, or in twos at the end.
    const words = Math.ceil(rows / unitsPerWord / rest) * rest;
    if (job.weights[0]!.columns > 256 || onesOf(job) !== undefined) return [];
    return listingsFor(target, ["lists", "rows"]).map(([variant, listing]) =>
      offerOf(job, target, variant, { ...levels, ...groups, ...listing, words }),
    );
  },
  tables: ([held], { words, zeroPoint, biased, ...bias }, constants) => [
    nibbleRows(held!, words, accumulators.length),
    ...(zeroPoint ? [zeroPointTable(held!, words)] : []),
    ...(biased ? [biasValues(bias, constants[0]!, halfOf(shiftAmong(constants)))] : []),
  ],
  facts: (constants, { fixed }) => (fixed ? { shift: shiftAmong(constants), added: halfOf(shiftAmong(constants)) } : {}),
});

/** What the step makes of sums: nothing, activations of the sample's range, or of a fixed one. */
const endOf = ({ layers, writes }: Job): "sums" | "rescaled" | "fixed" =>
  layers.length === 1 ? "sums" : writes.range === "fixed" ? "fixed" : "rescaled";

function offerOf(job: Job, target: Target, variant: string, choice: Choice) {
  const { words, split, zeroPoint, capacity } = choice;
  const { rows, columns, quantizer } = job.weights[0]!;
  const ends = endOf(job);
  const [relu, fixed] = [ends === "rescaled", ends === "fixed"];
  const bias = fixed ? biasTable(job, knownHalf(job)) : undefined;
  const sumWords = words * 4 * (split ? 2 : 1);
  return {
    variant,
    cost: {
      flash: {
        code: codeOf(choice, relu) + (fixed ? 30 : 0),
        weights: 4 * words * columns + (zeroPoint ? 16 * words : 0) + (bias?.bytes ?? 0),
      },
      ram: { static: 4 * sumWords + 8 * capacity, stack: 176 },
      cycles: cyclesOf(choice, ends !== "sums", job, target),
    },
    context: {
      ...{ most: choice.most, capacity, digits: choice.digits, split, zeroPoint, words },
      inputs: columns,
      units: rows,
      ...{ relu, fixed, biased: bias !== undefined, element: bias?.element ?? "int16_t", perChannel: false },
      largest: fixed ? largestActivation(job) : 0,
      out: ends === "sums" ? "int32_t" : "int8_t",
      format: quantizer.name,
      level: levelText(choice),
      rowBytes: 4 * words,
      sumWords,
      simple: isSimple(choice),
      fours: [0, 1, 2, 3],
      pairs: 4 * words,
      unitPairs: rows / 2,
      // What no unit owns may be anything: it is not joined, nor asked for its bits.
      foldedEnd: 4 * words + rows / 2,
      doubled: choice.step === 2,
      half: choice.step === 2 ? "(more >> 1)" : "more",
      groups: groupsOf(choice),
      ...corrections(choice, columns),
    },
    calls: digitCalls(choice, ends, bias?.element),
  };
}

const levelText = ({ lowest, step }: DigitLevels): string =>
  `${step === 1 ? "u" : `${step} * u`}${lowest === 0 ? "" : lowest < 0 ? ` - ${-lowest}` : ` + ${lowest}`}`;

/** The calls that add the rows of all lists to the sums. */
function groupsOf({ digits, split, words }: Choice) {
  return [
    { total: "total", first: 0, end: split ? 4 : digits, sums: "" },
    ...(split ? [{ total: "high", first: 4, end: digits, sums: ` + ${4 * words}` }] : []),
  ];
}

/** What is taken from the sums of u, and what is added at last, as C. */
function corrections({ centre, most, lowest, step, split, zeroPoint }: Choice, columns: number) {
  const less = (total: string, depth: string): string =>
    zeroPoint ? `(${timesUnsigned(total, centre)}) + (${timesUnsigned(depth, (most - centre) * columns)})` : timesUnsigned(total, centre);
  const inputs = zeroPoint ? `(total - (${timesUnsigned("depth", columns)}))` : "total";
  return {
    lessLow: less("total", split ? "(depth & 15u)" : "depth"),
    lessHigh: less("high", "(depth >> 4)"),
    more: timesUnsigned(inputs, lowest + step * centre),
  };
}

/** Of the kernel itself: what all layers have that are alike is a routine. */
function codeOf(choice: Choice, relu: boolean): number {
  if (isSimple(choice)) return relu ? 112 : 50;
  return (choice.zeroPoint ? 472 : 312) + (choice.split ? 210 : relu ? 80 : 0);
}

/** As measured on MNIST: what each input and digit costs, and how many there are where nobody measured it. */
function cyclesOf(choice: Choice, relu: boolean, { weights: [held], occupancy }: Job, target: Target): number {
  const { rows, columns } = held!;
  const { words, zeroPoint, lists, rows: adding, split, digits } = choice;
  const active = columns * (occupancy?.active ?? (zeroPoint ? 0.31 : 0.37));
  const visits = active * (occupancy?.digits ?? 3);
  const chunks = chunksFor(choice, active);
  const blocks = digits * (Math.max(1, visits / digits / 13) + 0.5 * (chunks - 1));
  const rowCycles = words * (visits * 8 * slowdown(target, adding) + blocks * 50 * slowdown(target, "flash"));
  const unit = (relu ? 20 + 10 * waitStates(target, lists) : 16) + (split ? 19 : 0) + (zeroPoint ? 27 : 0);
  return Math.round(600 + listingCycles(choice, target, { chunks, inputs: columns, active }) + rowCycles + rows * unit);
}
