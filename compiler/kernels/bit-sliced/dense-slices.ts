import type { Helper } from "../../ir/plan.js";
import type { Target } from "../../ir/target.js";
import { timesUnsigned } from "../c-expression.js";
import { levelText } from "../dense-rows/dense-rows.js";
import {
  backgroundSlices,
  type SliceLevels,
  sliceLevels,
  type SliceSums,
  sliceSums,
  foldsInto,
  groupsOf,
  lastUnits,
  passesOf,
  weightSlices,
} from "./slice-plan.js";
import { chunksFor, type Listing, listHelpers, listingCycles, listingsFor, listingText, rowsInRam } from "../bit-planes/digit-lists.js";
import { defineKernel, type Job, type Offer } from "../contract.js";

export default defineKernel({
  name: "dense-slices",
  template: "bit-sliced/dense-slices",
  summary:
    "Lists for each binary digit which inputs have it, then adds up the weights of each list, bit by bit for 32 units at once; for evenly spaced levels, without a multiplier.",
  serves: [["dense"], ["dense", "relu"]],
  bid: (job, target) => {
    const relu = job.layers.length === 2;
    const levels = sliceLevels(job.weights[0]!.quantizer);
    if (levels === undefined || job.reads.element !== "i8" || (relu && job.writes.element !== "i8")) return [];
    const sums = sliceSums(job, levels, relu);
    if (sums.depth > 32) return [];
    const fold = !relu && foldsInto(job.weights[0]!.rows, levels);
    return listingsFor(target, ["rows and lists", "rows"]).map((listing) => offerOf(job, target, { ...levels, ...sums, ...listing, fold }));
  },
  tables: ([held], facts) => {
    const { backgroundBits, fold } = facts as unknown as Choice;
    const weights = weightSlices(held!, fold);
    return backgroundBits === 0 ? [weights] : [weights, backgroundSlices(held!, backgroundBits)];
  },
});

/** An entry of a list is a byte. */
const blockInputs = 256;

interface Choice extends SliceLevels, SliceSums, Listing {
  readonly fold: boolean;
}

/** The bits of weights that are added one after the other; folded ones are added beside the lower. */
const widthOf = ({ bits, fold }: Choice): number => (fold ? bits / 2 : bits);

function offerOf(job: Job, target: Target, choice: Choice): Offer {
  const { background, backgroundBits, capacity, depth, lowest, most, step } = choice;
  const width = widthOf(choice);
  const { rows, columns, quantizer } = job.weights[0]!;
  const relu = job.layers.length === 2;
  const groups = groupsOf(rows);
  const helpers = helpersOf(choice, relu);
  const blocks = columns > blockInputs;
  return {
    variant: listingText(choice),
    cost: {
      flash: {
        code: (background ? 340 : relu ? 160 : 162) + 30 * passesOf(width).length + (blocks ? 60 : 0),
        weights: 4 * groups * (width * columns + backgroundBits),
      },
      ram: { static: 4 * depth * groups + 8 * capacity, stack: 148 },
      cycles: cyclesOf(choice, job, relu, target),
    },
    facts: {
      ...choice,
      inputs: columns,
      units: rows,
      relu,
      blocks,
      blockEnd: Math.min(columns, blockInputs),
      out: relu ? "int8_t" : "int32_t",
      format: quantizer.name,
      level: levelText(choice),
      groups,
      sumWords: depth * groups,
      stepPlace: placeText(Math.log2(step)),
      passes: passesOf(width).map(({ bit, width: taken }) => ({
        call: helpers[taken === 2 ? "pairs" : "singles"]!.name,
        ...{ bit, next: bit + 1, pair: taken === 2 },
        place: placeText(bit + Math.log2(step)),
        first: blocks ? ` + ${taken === 2 ? "2 * first" : "first"}` : "",
        words: columns * taken,
      })),
      calls: Object.fromEntries(Object.entries(helpers).map(([role, { name }]) => [role, name])),
      lastUnits: `0x${lastUnits(rows).toString(16).toUpperCase().padStart(8, "0")}u`,
      offset: timesUnsigned("total", lowest),
      largestSum: (lowest + step * most) * columns,
    },
    helpers: Object.values(helpers),
    borrows: ["tp"],
  };
}

const placeText = (place: number): string => (place === 0 ? "" : ` + ${place}`);

type Helpers = Readonly<Record<string, Helper>>;

/** By what the templates call them. */
function helpersOf(choice: Choice, relu: boolean): Helpers {
  const { background, bits, fold, most, residents } = choice;
  const widths = passesOf(widthOf(choice)).map(({ width }) => width);
  const helper = (
    template: string,
    code: number,
    { name = template.replace("-", "_"), resident = false, facts = {} }: Partial<Helper> = {},
  ): Helper => ({
    ...{ name, template: `bit-sliced/routines/${template}`, facts, code, resident },
  });
  const named = (name: string, resident: boolean): string => (resident ? `${name}_in_ram` : name);
  const calls = { digits: "digits", bytes: "slice_bytes" };
  const rowsHelper = (name: string, code: number, width: number): Helper => {
    const resident = rowsInRam(residents);
    return helper("slice-rows", code, { name: named(name, resident), resident, facts: { calls, ...rowsFacts(width, most) } });
  };
  return {
    ...listHelpers(choice),
    clear: helper("slice-clear", 12),
    ...(background ? { background: helper("slice-add", 70) } : {}),
    ...(widths.includes(2) ? { pairs: most === 2 ? rowsHelper("add_trits", 374, 2) : rowsHelper("add_pairs", 394, 2) } : {}),
    ...(widths.includes(1) ? { singles: rowsHelper("add_slices", 328, 1) } : {}),
    bytes: helper("slice-bytes", 150),
    ...(relu
      ? { outputs: helper("slice-outputs", 382, { facts: { calls } }) }
      : {
          sums: fold
            ? helper("slice-sums", 160, { name: `slice_sums_${bits}`, facts: { calls, fold: bits / 2, times: 2 ** (bits / 2), units: 16 } })
            : helper("slice-sums", 156, { facts: { calls, fold: 0, units: 32 } }),
        }),
  };
}

const rowsFacts = (width: number, most: number) => ({
  width,
  pair: width === 2,
  three: most === 2,
  halves: [
    { first: 30, second: 31, entry: 0, next: 1, carry: "tp" },
    { first: 32, second: 33, entry: 2, next: 3, carry: "s0" },
  ],
});

/** As measured on MNIST: what each input and digit costs, and how many there are where nobody measured it. */
function cyclesOf(choice: Choice, { weights: [held], occupancy }: Job, relu: boolean, { chip }: Target): number {
  const { background, depth, digits, most, residents } = choice;
  const { rows, columns } = held!;
  const active = columns * (occupancy?.active ?? (background ? 0.31 : 0.37));
  const visits = active * (occupancy?.digits ?? 3);
  const chunks = chunksFor(choice, active);
  const groups = groupsOf(rows);
  const waiting = chip === undefined ? 0 : chip.flash.waitStates - 1;
  const passes = passesOf(widthOf(choice)).map(({ width }) => (width === 1 ? 17 : most === 2 ? 23 : 26) + width * waiting);
  const listing = listingCycles(choice, { chunks, inputs: columns, active });
  const adding = passes.reduce((sum, visit) => sum + visits * visit * (residents === "none" ? 1.5 : 1) + chunks * digits * 55, 0);
  return Math.round(500 + listing + groups * (adding + (relu ? 800 : 30 * depth)) + rows * (relu ? 0 : 100));
}
