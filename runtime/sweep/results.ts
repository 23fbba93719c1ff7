import { flashOf } from "#compiler/ir/plan.js";
import type { Values } from "./grid.js";
import { paretoFront } from "./pareto.js";
import { identityOf } from "./record.js";
import type { Outcome, TargetCost, Variant, VariantResult } from "./variant.js";

/** One line of the table: a variant, or several that differ in nothing but their seed. */
export interface Row {
  /** What was swept, without what differs among the runs. */
  readonly values: Values;
  readonly runs: readonly FinishedRun[];
  readonly accuracy: Statistics;
  readonly costs: readonly TargetCost[];
}

export interface FinishedRun {
  readonly variant: Variant;
  readonly result: VariantResult;
}

/** Of shares; the deviation is that of a sample, 0 for a single run. */
export interface Statistics {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly deviation: number;
}

/** The finished variants as rows, those of equal meaning together, in the order of the sweep. */
export function rowsOf(outcomes: ReadonlyMap<Variant, Outcome>): readonly Row[] {
  const groups = new Map<string, Variant[]>();
  for (const variant of outcomes.keys()) {
    const meaning = JSON.stringify(identityOf({ ...variant, settings: { ...variant.settings, seed: 0 } }));
    groups.set(meaning, [...(groups.get(meaning) ?? []), variant]);
  }
  return [...groups.values()].flatMap(bySeed).flatMap((variants) => {
    const runs = variants.flatMap((variant) => {
      const outcome = outcomes.get(variant)!;
      return outcome.kind === "finished" ? [{ variant, result: outcome.result }] : [];
    });
    if (runs.length === 0) return [];
    const accuracy = statisticsOf(runs.map(({ result }) => result.correct / result.samples));
    return [{ values: commonValues(variants), runs, accuracy, costs: variants[0]!.costs }];
  });
}

/** Variants that repeat a seed differ in name only; they stay apart, lest their spread be 0 for no reason. */
const bySeed = (variants: readonly Variant[]): readonly (readonly Variant[])[] =>
  new Set(variants.map(({ settings }) => settings.seed)).size === variants.length ? [variants] : variants.map((variant) => [variant]);

const commonValues = (variants: readonly Variant[]): Values =>
  Object.fromEntries(Object.entries(variants[0]!.values).filter(([name, value]) => variants.every(({ values }) => values[name] === value)));

export function statisticsOf(shares: readonly number[]): Statistics {
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  const squares = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0);
  return {
    mean,
    low: Math.min(...shares),
    high: Math.max(...shares),
    deviation: shares.length === 1 ? 0 : Math.sqrt(squares / (shares.length - 1)),
  };
}

/** The cost of a row on a chip, and the Pareto fronts that it is on. */
export interface Priced {
  readonly row: Row;
  readonly flash: number;
  readonly cost: TargetCost["cost"];
  readonly bestFor: readonly Respect[];
}

/** Accuracy against one cost, or against both at once. */
export const respects = ["flash", "cycles", "both"] as const;
export type Respect = (typeof respects)[number];

/** All rows on one chip, the smallest first. */
export function pricedOn(target: string, rows: readonly Row[]): readonly Priced[] {
  const priced = rows.map((row) => {
    const { cost } = row.costs.find((each) => each.target === target)!;
    return { row, cost, flash: flashOf(cost), cycles: cost.cycles, value: row.accuracy.mean };
  });
  const fronts = {
    flash: paretoFront(priced, ({ value, flash }) => ({ value, costs: [flash] })),
    cycles: paretoFront(priced, ({ value, cycles }) => ({ value, costs: [cycles] })),
    both: paretoFront(priced, ({ value, flash, cycles }) => ({ value, costs: [flash, cycles] })),
  };
  return priced
    .map((each) => ({
      row: each.row,
      cost: each.cost,
      flash: each.flash,
      bestFor: respects.filter((respect) => fronts[respect].includes(each)),
    }))
    .sort((a, b) => a.flash - b.flash || a.cost.cycles - b.cost.cycles);
}
