import { ramOf } from "#compiler/ir/plan.js";
import type { Values } from "./grid.js";
import { type Priced, pricedOn, type Row, rowsOf } from "./results.js";
import type { Outcome, Variant, VariantResult } from "./variant.js";

/** A variant that no chip of the sweep could hold. */
export interface Unfit {
  readonly values: Values;
  /** One sentence each. */
  readonly reasons: readonly string[];
}

/** All that a sweep found out: what its tables and pictures show. */
export interface SweepReport {
  readonly model: string;
  /** What was swept, in order. */
  readonly names: readonly string[];
  readonly targets: readonly string[];
  readonly rows: readonly Row[];
  readonly outcomes: ReadonlyMap<Variant, Outcome>;
  readonly unfit: readonly Unfit[];
}

export const reportOf = (found: Omit<SweepReport, "rows">): SweepReport => ({ ...found, rows: rowsOf(found.outcomes) });

/** `500 test samples`: what the accuracies are of. */
export const saySamples = ({ rows }: SweepReport): string =>
  [...new Set(resultsOf(rows).map(({ set, samples }) => `${samples} ${set} samples`))].join(" or ");

/** The same, and why they are test samples: who chooses by them fits them. */
export const sayMeasured = (report: SweepReport): string =>
  `the integer model on ${saySamples(report)}${resultsOf(report.rows).some(({ set }) => set === "test") ? ", as the dataset holds no validation data out" : ""}`;

const resultsOf = (rows: readonly Row[]): readonly VariantResult[] => rows.flatMap(({ runs }) => runs.map(({ result }) => result));

/** `98.75%`, and `98.60..98.90 of 3` where a row is several runs. */
export const showPercent = (share: number): string => `${(100 * share).toFixed(2)}%`;

export const showSpread = ({ runs, accuracy: { low, high } }: Row): string =>
  runs.length === 1 ? "" : `${(100 * low).toFixed(2)}..${(100 * high).toFixed(2)} of ${runs.length}`;

/** Whether any row has several runs. */
export const hasSpread = ({ rows }: SweepReport): boolean => rows.some(({ runs }) => runs.length > 1);

/** The variants that failed or were stopped, with how. */
export const unfinished = ({ outcomes }: SweepReport): readonly (readonly [Variant, Exclude<Outcome, { kind: "finished" }>])[] =>
  [...outcomes].flatMap(([variant, outcome]) => (outcome.kind === "finished" ? [] : [[variant, outcome] as const]));

/** The report as plain data: sizes in bytes, accuracies as shares. */
export function reportData(report: SweepReport): unknown {
  const { model, names, targets, rows, unfit } = report;
  const priced = new Map(targets.map((target) => [target, pricedOn(target, rows)]));
  return {
    model,
    swept: names,
    targets,
    variants: rows.map((row) => ({
      values: row.values,
      accuracy: row.accuracy,
      runs: row.runs.map(({ variant, result }) => ({
        name: variant.name,
        seed: variant.settings.seed,
        accuracy: result.correct / result.samples,
        ...result,
      })),
      targets: Object.fromEntries(targets.map((target) => [target, costData(priced.get(target)!.find((each) => each.row === row)!)])),
    })),
    unfinished: unfinished(report).map(([{ values }, outcome]) => ({ values, ...outcome })),
    unfit,
  };
}

const costData = ({ cost, flash, bestFor }: Priced) => ({ flash, ...cost.flash, ram: ramOf(cost), cycles: cost.cycles, bestFor });
