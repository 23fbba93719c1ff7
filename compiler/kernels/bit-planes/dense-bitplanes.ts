import type { Calls, Routine } from "../../ir/routine.js";
import { timesConstant, timesUnsigned } from "../c-expression.js";
import { backgroundTable, digitGroups, type DigitGroups, digitLevels, type DigitLevels, nibbleRows, unitsPerWord } from "./digit-plan.js";
import { chunksFor, digitsRoutine, type Listing, listRoutines, listingCycles, listingsFor } from "./digit-lists.js";
import { defineKernel, type Job } from "../contract.js";
import type { Target } from "../../ir/target.js";
import { slowdown, waitStates } from "../placement.js";
import { routine } from "../routine.js";

export default defineKernel({
  name: "dense-bitplanes",
  template: "bit-planes/dense-bitplanes",
  summary:
    "Bit planes of the inputs: for each bit, the sparse list of inputs that have it set; the weights of a list are accumulated eight to a word (SWAR). For five to sixteen evenly spaced levels, without a multiplier.",
  serves: [["dense"], ["dense", "relu"]],
  bid: (job, target) => {
    const levels = digitLevels(job.weights[0]!.quantizer);
    const groups = levels && digitGroups(job, levels);
    if (levels === undefined || levels.most < 4 || groups === undefined || job.reads.element !== "i8") return [];
    const { rows } = job.weights[0]!;
    if (job.layers.length === 2 && (job.writes.element !== "i8" || rows % 2 !== 0 || levels.step > 2)) return [];
    const words = wordsFor(rows);
    if (job.weights[0]!.columns > 256) return [];
    return listingsFor(target, ["lists", "rows"]).map(([variant, listing]) =>
      offerOf(job, target, variant, { ...levels, ...groups, ...listing, words }),
    );
  },
  tables: ([held], { words, background }) => [
    nibbleRows(held!, words, registers.length),
    ...(background ? [backgroundTable(held!, words)] : []),
  ],
});

/** Words are added up in fours, or in twos at the end. */
const wordsFor = (rows: number): number => Math.ceil(rows / unitsPerWord / rest) * rest;

interface Choice extends DigitLevels, DigitGroups, Listing {
  /** Words of a row. */
  readonly words: number;
}

function offerOf(job: Job, target: Target, variant: string, choice: Choice) {
  const { words, split, background, capacity } = choice;
  const { rows, columns, quantizer } = job.weights[0]!;
  const relu = job.layers.length === 2;
  const sumWords = words * 4 * (split ? 2 : 1);
  return {
    variant,
    cost: {
      flash: { code: codeOf(choice, relu), weights: 4 * words * columns + (background ? 16 * words : 0) },
      ram: { static: 4 * sumWords + 8 * capacity, stack: 176 },
      cycles: cyclesOf(choice, relu, job, target),
    },
    context: {
      ...choice,
      inputs: columns,
      units: rows,
      relu,
      out: relu ? "int8_t" : "int32_t",
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
    calls: callsOf(choice, relu),
    borrows: ["tp"] as const,
  };
}

/** The simple case: inputs are not negative, and all bit planes go to the same accumulators. */
const isSimple = ({ background, split }: DigitGroups): boolean => !background && !split;

const levelText = ({ lowest, step }: DigitLevels): string =>
  `${step === 1 ? "u" : `${step} * u`}${lowest === 0 ? "" : lowest < 0 ? ` - ${-lowest}` : ` + ${lowest}`}`;

/** By the roles in which the template knows them. */
function callsOf(choice: Choice, relu: boolean): Calls {
  const lists = listRoutines(choice);
  const rows = addRows(choice);
  return {
    ...lists,
    rows,
    ...(isSimple(choice)
      ? { add: routine("bit-planes/routines/digit-add", { label: `add_digits_${choice.most}`, calls: { ...lists, rows }, code: 150 }) }
      : {}),
    ...(relu ? outputRoutines(choice) : { sums: sumsRoutine(choice) }),
  };
}

function sumsRoutine({ split, step }: Choice): Routine {
  const value = (name: string): string => `${timesConstant(name, step)} + more`;
  return routine("bit-planes/routines/digit-sums", {
    label: `digit_sums${split ? "_split" : ""}_${step}`,
    context: { split, value: value("sum"), first: value("first"), second: value("second") },
    code: split ? 118 : 72,
  });
}

/** What makes outputs of sums; what always runs is in RAM where lists are made there as well. */
const outputRoutines = ({ lists: placement, split, step }: Choice): Calls => ({
  ...(split ? { fold: routine("bit-planes/routines/digit-fold", { code: 138 }) } : {}),
  bits: routine("bit-planes/routines/digit-bits", { placement, code: 66 }),
  ...(step === 2 ? { double: routine("bit-planes/routines/digit-double", { code: 66 }) } : {}),
  outputs: routine("bit-planes/routines/digit-outputs", { placement, code: 136 }),
});

/** The registers that add up the low and the high nibbles of each word. */
const registers = [
  ["a1", "a2"],
  ["a3", "t0"],
  ["t1", "t2"],
  ["ra", "tp"],
] as const;

/** How many words are added up alone after the last whole pass. */
const rest = 2;

/** Accumulates the rows of lists, in blocks whose sums fit bytes. */
function addRows({ most, rows: placement }: Choice): Routine {
  const count = registers.length;
  const longest = Math.floor(255 / most);
  const words = registers.map(([low, high], index) => ({
    low,
    high,
    index,
    offset: 4 * index,
    last: index === count - 1,
    rest: index < rest,
  }));
  const rounds = [0, 1, 2, 3].map((entry) => ({ label: 40 + entry, entry }));
  const context = { words, count, rest, most, longest };
  const block = routine("bit-planes/routines/digit-block", {
    label: `sum_rows_${most}`,
    context: { ...context, rounds, turn: rounds.length, lastRound: rounds.length - 1 },
    placement,
    code: 372,
  });
  return routine("bit-planes/routines/digit-rows", {
    label: `add_rows_${most}`,
    context: { ...context, halves: [0, 1].map(flushedHalf), sumsPerPass: 4 * count, full: longest * most },
    calls: { digits: digitsRoutine, block },
    code: 460,
  });
}

/** Two words' bytes on their way to the sums: those at even places first, then those at odd places; in the second half the other way round. */
function flushedHalf(half: number) {
  const first = half * rest;
  const words = registers.slice(first, first + rest).map(([low, high]) => ({ low, high }));
  const lanes = (odd: number) =>
    words.flatMap(({ low, high }, i) =>
      [low, high].map((from, nibble) => ({ from, shift: odd === 0 ? "sll" : "srl", offset: 16 * (first + i) + 8 * nibble + 4 * odd })),
    );
  return { next: half > 0, words, shifts: [half, 1 - half].map((odd, i) => ({ turn: i > 0, lanes: lanes(odd) })) };
}

/** The calls that add the rows of all lists to the sums. */
function groupsOf({ digits, split, words }: Choice) {
  return [
    { total: "total", first: 0, end: split ? 4 : digits, sums: "" },
    ...(split ? [{ total: "high", first: 4, end: digits, sums: ` + ${4 * words}` }] : []),
  ];
}

/** What is taken from the sums of u, and what is added at last, as C. */
function corrections({ centre, most, lowest, step, split, background }: Choice, columns: number) {
  const less = (total: string, depth: string): string =>
    background ? `(${timesUnsigned(total, centre)}) + (${timesUnsigned(depth, (most - centre) * columns)})` : timesUnsigned(total, centre);
  const inputs = background ? `(total - (${timesUnsigned("depth", columns)}))` : "total";
  return {
    lessLow: less("total", split ? "(depth & 15u)" : "depth"),
    lessHigh: less("high", "(depth >> 4)"),
    more: timesUnsigned(inputs, lowest + step * centre),
  };
}

/** Of the kernel itself: what all layers have that are alike is a routine. */
function codeOf(choice: Choice, relu: boolean): number {
  if (isSimple(choice)) return relu ? 112 : 50;
  return (choice.background ? 472 : 312) + (choice.split ? 210 : relu ? 80 : 0);
}

/** As measured on MNIST: what each input and digit costs, and how many there are where nobody measured it. */
function cyclesOf(choice: Choice, relu: boolean, { weights: [held], occupancy }: Job, target: Target): number {
  const { rows, columns } = held!;
  const { words, background, lists, rows: adding, split, digits } = choice;
  const active = columns * (occupancy?.active ?? (background ? 0.31 : 0.37));
  const visits = active * (occupancy?.digits ?? 3);
  const chunks = chunksFor(choice, active);
  const blocks = digits * (Math.max(1, visits / digits / 13) + 0.5 * (chunks - 1));
  const rowCycles = words * (visits * 8 * slowdown(target, adding) + blocks * 50 * slowdown(target, "flash"));
  const unit = (relu ? 20 + 10 * waitStates(target, lists) : 16) + (split ? 19 : 0) + (background ? 27 : 0);
  return Math.round(600 + listingCycles(choice, target, { chunks, inputs: columns, active }) + rowCycles + rows * unit);
}
