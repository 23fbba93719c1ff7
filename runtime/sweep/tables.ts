import { ramOf } from "#compiler/ir/plan.js";
import { table } from "#compiler/ir/print.js";
import { showBytes, showCount } from "#compiler/ir/show.js";
import { fence, heading, page, paragraph, table as markdownTable } from "../markdown.js";
import { showOutcome } from "./progress.js";
import { hasSpread, sayMeasured, showPercent, showSpread, type SweepReport, unfinished } from "./report.js";
import { type Priced, pricedOn, respects } from "./results.js";
import { showValues } from "./variant.js";

const legend =
  "best for: no other variant is as accurate for less flash, for fewer cycles, or else for no more of both; cycles are estimates";

/** For a terminal: a table for each target. */
export function textReport(report: SweepReport): string {
  const parts = report.targets.map(
    (target) => `${report.model} on ${target}: accuracy of ${sayMeasured(report)}\n${table(tableOn(target, report))}`,
  );
  return [...parts, `${legend}\n`].join("\n");
}

/** The columns of names that are the same in some rows only, accuracy, costs, and for which costs a row is on the Pareto front. */
function tableOn(target: string, report: SweepReport): readonly (readonly string[])[] {
  const spread = hasSpread(report);
  const names = namesShown(report);
  const head = [...names, "accuracy", ...(spread ? ["spread"] : []), "flash", "RAM", "cycles", "best for"];
  return [head, ...pricedOn(target, report.rows).map((priced) => cells(priced, names, spread))];
}

const cells = ({ row, flash, cost, bestFor }: Priced, names: readonly string[], spread: boolean): readonly string[] => [
  ...names.map((name) => row.values[name] ?? "-"),
  showPercent(row.accuracy.mean),
  ...(spread ? [showSpread(row)] : []),
  showBytes(flash),
  showBytes(ramOf(cost)),
  showCount(cost.cycles),
  showBest(bestFor),
];

/** What is best for one cost is best for both together, which only tells something of the others. */
const showBest = (bestFor: Priced["bestFor"]): string => bestFor.filter((respect) => respect !== "both" || bestFor.length === 1).join(", ");

/** A name that differs within every row, as a seed does, is told by the spread. */
const namesShown = ({ names, rows }: SweepReport): readonly string[] => names.filter((name) => rows.some(({ values }) => name in values));

/** A page with the tables, the pictures beside it, and what is not in them; `command` is what to type for the same again. */
export function markdownReport(report: SweepReport, command: string): string {
  const { model, targets, unfit } = report;
  const sections = targets.flatMap((target) => {
    const [head, ...rows] = tableOn(target, report);
    const pictures = picturesOf(target).map(([file, against]) => `![Accuracy against ${against}](${file})\n`);
    return [heading(2, target), markdownTable(head!, rows), ...pictures];
  });
  const missing = [
    ...unfinished(report).map(([{ values }, outcome]) => `- ${showValues(values)}: ${showOutcome(outcome)}\n`),
    ...unfit.map(({ values, reasons }) => `- ${showValues(values)}: ${reasons.join("; ")}\n`),
  ];
  const about = `Accuracy of ${sayMeasured(report)}. ${legend[0]!.toUpperCase()}${legend.slice(1)}.`;
  return page(
    heading(1, model),
    paragraph(about),
    fence("sh", command),
    ...sections,
    ...(missing.length === 0 ? [] : [heading(2, "Not in the tables"), missing.join("")]),
  );
}

/** The picture files of a target, with what accuracy is drawn against. */
export const picturesOf = (target: string): readonly (readonly [string, "flash" | "cycles"])[] => [
  [`${target}.flash.svg`, "flash"],
  [`${target}.cycles.svg`, "cycles"],
];

/** A line for each variant on each target: sizes in bytes, accuracies as shares. */
export function csvReport(report: SweepReport): string {
  const { names, targets, rows } = report;
  const head = [
    "target",
    ...names,
    "runs",
    "set",
    "samples",
    "accuracy",
    "lowest",
    "highest",
    "deviation",
    "flash",
    "weights",
    "ram",
    "cycles",
    ...respects.map((respect) => `best_for_${respect}`),
  ];
  const lines = targets.flatMap((target) =>
    pricedOn(target, rows).map(({ row: { values, runs, accuracy }, flash, cost, bestFor }) => [
      target,
      ...names.map((name) => values[name] ?? ""),
      ...[
        runs.length,
        runs[0]!.result.set,
        runs[0]!.result.samples,
        ...[accuracy.mean, accuracy.low, accuracy.high, accuracy.deviation].map((share) => Number(share.toFixed(6))),
      ],
      ...[flash, cost.flash.weights, ramOf(cost), cost.cycles, ...respects.map((respect) => Number(bestFor.includes(respect)))],
    ]),
  );
  return [head, ...lines].map((line) => `${line.map(csvField).join(",")}\n`).join("");
}

/** Quoted where it must be, as RFC 4180 has it. */
const csvField = (value: string | number): string =>
  /[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value);
