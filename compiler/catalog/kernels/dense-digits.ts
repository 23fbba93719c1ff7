import type { Helper } from "../../ir/plan.js";
import { timesConstant, timesUnsigned } from "../c-expression.js";
import { backgroundTable, digitGroups, type DigitGroups, digitLevels, type DigitLevels, nibbleRows, unitsPerWord } from "../digit-plan.js";
import { type Listing, listHelpers, listingCycles, listingsFor, listingText } from "../digit-lists.js";
import { defineKernel, type Job, type Offer } from "../kernel.js";

export default defineKernel({
  name: "dense-digits",
  summary:
    "Lists for each binary digit which inputs have it, then adds up the weights of each list, eight in a word; for five to sixteen evenly spaced levels, without a multiplier.",
  serves: [["dense"], ["dense", "relu"]],
  bid: (job, target) => {
    const levels = digitLevels(job.weights[0]!.quantizer);
    const groups = levels && digitGroups(job, levels);
    if (levels === undefined || levels.most < 4 || groups === undefined || job.reads.element !== "i8") return [];
    const { rows } = job.weights[0]!;
    if (job.layers.length === 2 && (job.writes.element !== "i8" || rows % 2 !== 0 || levels.step > 2)) return [];
    const words = wordsFor(rows);
    if (job.weights[0]!.columns > 256) return [];
    return listingsFor(target).map((listing) => offerOf(job, { ...levels, ...groups, ...listing, words }));
  },
  tables: ([held], facts) => {
    const { words, background } = facts as unknown as Choice;
    return background ? [nibbleRows(held!, words, registers.length), backgroundTable(held!, words)] : [nibbleRows(held!, words, registers.length)];
  },
});

/** Words are added up in fours, or in twos at the end. */
const wordsFor = (rows: number): number => Math.ceil(rows / unitsPerWord / rest) * rest;

interface Choice extends DigitLevels, DigitGroups, Listing {
  /** Words of a row. */
  readonly words: number;
}

function offerOf(job: Job, choice: Choice): Offer {
  const { words, split, background, capacity } = choice;
  const { rows, columns, quantizer } = job.weights[0]!;
  const relu = job.layers.length === 2;
  const sumWords = words * 4 * (split ? 2 : 1);
  const helpers = helpersOf(choice, relu);
  return {
    variant: listingText(choice),
    cost: {
      flash: { code: background ? 520 : 176, weights: 4 * words * columns + (background ? 16 * words : 0) },
      ram: { static: 4 * sumWords + 8 * capacity, stack: 150 },
      cycles: cyclesOf(choice, rows, columns),
    },
    facts: {
      ...choice,
      inputs: columns,
      units: rows,
      relu,
      out: relu ? "int8_t" : "int32_t",
      format: quantizer.name,
      level: levelText(choice),
      rowBytes: 4 * words,
      sumWords,
      pairs: 4 * words,
      unitPairs: rows / 2,
      calls: Object.fromEntries(Object.entries(helpers).map(([role, { name }]) => [role, name])),
      doubled: choice.step === 2,
      half: choice.step === 2 ? "(more >> 1)" : "more",
      groups: groupsOf(choice),
      ...corrections(choice, columns),
    },
    helpers: Object.values(helpers),
    borrows: ["tp"],
  };
}

const levelText = ({ lowest, step }: DigitLevels): string =>
  `${step === 1 ? "u" : `${step} * u`}${lowest === 0 ? "" : lowest < 0 ? ` - ${-lowest}` : ` + ${lowest}`}`;

type Helpers = Readonly<Record<string, Helper>>;

/** By what the templates call them. */
function helpersOf(choice: Choice, relu: boolean): Helpers {
  const { split, step } = choice;
  const helper = (template: string, code: number, { name = template.replace("-", "_"), resident = false, facts = {} }: Partial<Helper> = {}): Helper => ({
    ...{ name, template, facts, code, resident },
  });
  const doubled = step === 2;
  const value = (name: string): string => `${timesConstant(name, step)} + more`;
  return {
    ...listHelpers(choice),
    rows: rowsHelper(choice),
    ...(relu && split ? { fold: helper("digit-fold", 86) } : {}),
    ...(relu
      ? { largest: helper("digit-largest", 60), outputs: helper("digit-outputs", doubled ? 166 : 120, { name: doubled ? "digit_outputs_odd" : "digit_outputs", facts: { doubled } }) }
      : { sums: helper("digit-sums", split ? 100 : 64, { name: `digit_sums${split ? "_split" : ""}_${step}`, facts: { split, value: value("sum"), first: value("first"), second: value("second") } }) }),
  };
}

/** The registers that add up the low and the high nibbles of each word. */
const registers = [["a1", "a2"], ["a3", "t0"], ["t1", "t2"], ["ra", "tp"]] as const;

/** How many words are added up alone after the last whole pass. */
const rest = 2;

function rowsHelper({ most, residents }: Choice): Helper {
  const resident = residents !== "none";
  const count = registers.length;
  const longest = Math.floor(255 / most);
  const words = registers.map(([low, high], index) => ({
    ...{ low, high, index, offset: 4 * index, last: index === count - 1, pause: index === rest, rest: index < rest },
    lanes: [low, low, high, high].map((from, lane) => ({ from, offset: 16 * index + 4 * lane, first: lane % 2 === 0 })),
  }));
  const rounds = [{ label: 40, entry: 0 }, { label: 41, entry: 1 }];
  return {
    name: `add_rows_${most}${resident ? "_in_ram" : ""}`,
    template: "digit-rows",
    facts: { words, rounds, count, sumsPerPass: 4 * count, rest, most, longest, full: longest * most, calls: { digits: "digits" } },
    code: 640,
    resident,
  };
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

/** As measured on MNIST: how many inputs are active, how many digits they have, and what each costs. */
function cyclesOf(choice: Choice, rows: number, columns: number): number {
  const { words, background, residents, split, digits, capacity } = choice;
  const active = columns * (background ? 0.31 : 0.37);
  const visits = active * 3;
  const chunks = Math.max(1, visits / (6 * (capacity - 8)));
  const blocks = digits * Math.max(chunks, visits / digits / 15);
  const listing = listingCycles(choice, { chunks, inputs: columns, active });
  const adding = words * (residents === "none" ? visits * 10 + blocks * 60 : visits * 8.5 + blocks * 48);
  return Math.round(500 + listing + adding + rows * (40 + (split ? 20 : 0) + (background ? 35 : 0)));
}
