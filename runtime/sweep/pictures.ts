import { bytesAxis, countAxis, shareAxis } from "../plot/axis.js";
import { type Chart, drawChart, type Point } from "../plot/chart.js";
import { seriesColors } from "../plot/theme.js";
import { hasSpread, saySamples, showPercent, showSpread, type SweepReport } from "./report.js";
import { type Priced, pricedOn } from "./results.js";
import { showValues } from "./variant.js";

/** Accuracy against what a variant costs on a chip, as SVG: those of the Pareto front filled and on a dashed line. */
export function drawPareto(report: SweepReport, target: string, against: "flash" | "cycles"): string {
  const priced = pricedOn(target, report.rows);
  const costOf = ({ flash, cost }: Priced): number => (against === "flash" ? flash : cost.cycles);
  const grouping = groupingOf(report);
  const pointOf = (each: Priced): Point => pointFor(each, costOf(each), against, grouping?.name);
  const groups =
    grouping === undefined
      ? [{ name: report.model, members: priced }]
      : grouping.values.map((value) => ({ name: value, members: priced.filter(({ row }) => row.values[grouping.name] === value) }));
  const chart: Chart = {
    title: `${report.model}: accuracy against ${against} on ${target}`,
    subtitle: captionOf(report, against, grouping?.name),
    x: against === "flash" ? bytesAxis("flash", priced.map(costOf)) : countAxis("cycles for one inference, estimated", priced.map(costOf)),
    y: shareAxis(
      `accuracy on ${saySamples(report)}`,
      report.rows.flatMap(({ accuracy: { low, high } }) => [low, high]),
    ),
    series: groups.map(({ name, members }) => ({
      name,
      joined: isOrdered(report, grouping?.name),
      points: members.toSorted((a, b) => costOf(a) - costOf(b)).map(pointOf),
    })),
    front: priced
      .filter(({ bestFor }) => bestFor.includes(against))
      .map((each) => ({ x: costOf(each), y: each.row.accuracy.mean }))
      .sort((a, b) => a.x - b.x),
  };
  return drawChart(chart);
}

/** How to read the picture. */
function captionOf(report: SweepReport, against: string, grouping: string | undefined): string {
  const names = report.names.filter((name) => name !== grouping && report.rows.some(({ values }) => name in values));
  return [
    `labels: ${names.join(", ")}`,
    `dashed: the best for the ${against}`,
    ...(hasSpread(report) ? ["upright: from the worst seed to the best"] : []),
  ].join("; ");
}

function pointFor({ row, bestFor }: Priced, x: number, against: "flash" | "cycles", grouping: string | undefined): Point {
  const { values, runs, accuracy } = row;
  const told = Object.entries(values).filter(([name]) => name !== grouping);
  const about = [showValues(values), `${showPercent(accuracy.mean)} ${showSpread(row)}`.trim()].join(": ");
  const spread = runs.length === 1 ? {} : { spread: { low: accuracy.low, high: accuracy.high } };
  return { x, y: accuracy.mean, ...spread, label: told.map(([, value]) => value).join(" "), about, marked: bestFor.includes(against) };
}

interface Grouping {
  readonly name: string;
  readonly values: readonly string[];
}

/** The first swept name whose values are words, such as formats, when points differ in other names, too: it gets the colours. */
function groupingOf(report: SweepReport): Grouping | undefined {
  const differing = differingNames(report);
  if (differing.length < 2) return undefined;
  return differing.find(({ values }) => values.every((value) => !isQuantity(value)) && values.length <= seriesColors);
}

/** Whether the points of a series differ in one name only, whose values are numbers or lists of them: then a line says how it goes on. */
function isOrdered(report: SweepReport, grouping: string | undefined): boolean {
  const [first, ...others] = differingNames(report).filter(({ name }) => name !== grouping);
  return first !== undefined && others.length === 0 && first.values.every(isQuantity);
}

/** Names with their values, where the rows have several. */
const differingNames = ({ names, rows }: SweepReport): readonly Grouping[] =>
  names
    .map((name) => ({ name, values: [...new Set(rows.flatMap(({ values }) => values[name] ?? []))] }))
    .filter(({ values }) => values.length > 1);

const isQuantity = (value: string): boolean => /^[-[]*[\d.]/.test(value) && !/^\d+[a-z]/i.test(value);
