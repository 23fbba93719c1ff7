import { flashOf, ramOf } from "#compiler/ir/plan.js";
import { showCount } from "#compiler/ir/show.js";
import { code, heading, link, page, paragraph, table } from "../runtime/markdown.js";
import { type Axis, bytesAxis, shareAxis } from "../runtime/plot/axis.js";
import { drawChart, type Point, type Series } from "../runtime/plot/chart.js";
import { fitting } from "../runtime/plot/scale.js";
import { loadTarget } from "../runtime/targets.js";
import { type Peer, peers } from "./chips-peers.js";
import { type Figures, images, type Measured, tries } from "./chips-measure.js";

export interface Picture {
  /** Below docs/. */
  readonly path: string;
  readonly title: string;
  readonly svg: string;
}

type Fitting = Measured & { readonly figures: Figures };
const fits = (row: Measured): row is Fitting => row.figures !== undefined;

/** Accuracy against flash and against time for every dataset that several models are measured on. */
export function picturesFor(rows: readonly Measured[]): readonly Picture[] {
  const datasets = [...new Set(rows.map(({ dataset }) => dataset))].sort();
  return datasets.flatMap((dataset) => {
    const some = rows.filter(fits).filter((row) => row.dataset === dataset);
    return some.length < 2 ? [] : [flashPicture(dataset, some), timePicture(dataset, some)];
  });
}

function flashPicture(dataset: string, rows: readonly Fitting[]): Picture {
  const published = peers
    .filter((peer) => peer.dataset === dataset && peer.flash !== undefined)
    .map((peer) => pointOf(peer.name, peer.flash!, peer.accuracy));
  const series = [...seriesOf(rows, ({ cost }) => flashOf(cost)), ...peerSeries(published)];
  return pictureOf(dataset, "flash", "flash, start-up code included", series, (values) => bytesAxis("flash", values));
}

function timePicture(dataset: string, rows: readonly Fitting[]): Picture {
  const published = peers
    .filter((peer) => peer.dataset === dataset)
    .flatMap((peer) => Object.entries(peer.cycles).map(([target, cycles]) => ({ peer, target, cycles })));
  const theirs = [...new Set(published.map(({ target }) => target))].flatMap((name) => {
    const points = published
      .filter(({ target }) => target === name)
      .map(({ peer, cycles }) => pointOf(peer.name, milliseconds(cycles, name), peer.accuracy));
    return peerSeries(points, `, ${name}`);
  });
  return pictureOf(
    dataset,
    "time",
    "mean time of an inference at 48 MHz",
    [...seriesOf(rows, ({ cycles }, name) => milliseconds(cycles.mean, name)), ...theirs],
    millisecondsAxis,
  );
}

const milliseconds = (cycles: number, target: string): number => (1000 * cycles) / clockOf(target);

const millisecondsAxis = (values: readonly number[]): Axis => ({
  title: "milliseconds",
  scale: fitting(values, "decimal"),
  show: (value) => String(Number(value.toPrecision(3))),
});

function pictureOf(
  dataset: string,
  against: string,
  how: string,
  series: readonly Series[],
  axis: (values: readonly number[]) => Axis,
): Picture {
  const points = series.flatMap((each) => each.points);
  const title = `${dataset}: accuracy against ${against}`;
  const chart = {
    title,
    subtitle: how,
    x: axis(points.map(({ x }) => x)),
    y: shareAxis(
      "accuracy of the integers on the test set",
      points.map(({ y }) => y),
    ),
    series,
    front: [],
  };
  return { path: `benchmarks/${dataset.replace(/\W+/g, "-")}-${against}.svg`, title, svg: drawChart(chart) };
}

const seriesOf = (rows: readonly Fitting[], x: (figures: Figures, target: string) => number): readonly Series[] =>
  [...new Set(rows.map(({ target }) => target.name))].map((name) => ({
    name: `bnmc, ${name}`,
    joined: false,
    points: rows
      .filter(({ target }) => target.name === name)
      .map(({ model, figures }) => pointOf(model.name, x(figures, name), model.accuracy)),
  }));

const peerSeries = (points: readonly Point[], where = ""): readonly Series[] =>
  points.length === 0 ? [] : [{ name: `BitNetMCU${where}`, joined: false, points }];

const pointOf = (name: string, x: number, y: number): Point => ({ x, y, label: name, about: `${name}: ${percent(y)}`, marked: true });

export function benchmarksPage(rows: readonly Measured[], pictures: readonly Picture[]): string {
  return page(
    heading(1, "Benchmarks"),
    paragraph(
      "Every model of [models/](../models/README.md) with committed weights on every chip that it is deployed to, and on those where the peer has figures. Written by `npm run bench:chips` " +
        `(bench/chips.ts): the linked firmware in the simulator, ${images} images of the test set, every logit compared with the reference. ` +
        `*Worst* is the slowest input that a search found in ${tries} tries: found, not proved; no path through the code takes longer than the *bound* (runtime/firmware/bound.ts). Flash has start-up code and vector table in it, RAM the input ` +
        "and the deepest stack. Interrupts may come at any time in each of these figures, unless a row says that they are *disabled*; *undisturbed* is the mean " +
        "where the deploy statement says `interrupts: disabled`, and absent where that changes nothing. Kernels are *measured* where `bnmc tune` chose them and its file lies beside the model, *estimated* elsewhere.",
    ),
    table(
      [
        "Model",
        "Chip",
        "Accuracy",
        "Cycles, mean",
        "undisturbed",
        "most",
        "worst",
        "bound",
        "Time, mean",
        "bound",
        "Flash",
        "RAM",
        "of it stack",
        "Energy",
        "Kernels",
      ],
      rows.map(rowOf),
    ),
    paragraph(`Energy is cycles times a current and a voltage, good for comparing models on one chip: ${powerSources(rows)}.`),
    ...pictures.map(({ path, title }) => paragraph(`![${title}](${path})`)),
    heading(2, "Beside the peer"),
    paragraph(
      "What the author of [BitNetMCU](https://github.com/cpldcpu/BitNetMCU) measured on chips, with models of the same shape as above where there are any. " +
        "[Calibration](calibration.md) holds the simulator against the same figures.",
    ),
    table(
      ["Its net", "Chip", "Accuracy", "Weights", "Cycles", "Model here", "Accuracy", "Cycles, mean", "Times faster"],
      peers.flatMap((peer) => peerRows(peer, rows)),
    ),
    heading(2, "Accuracy against size"),
    paragraph(
      "How much accuracy a number of bytes buys, for every width and format, is a sweep. The peer's capacity plots, accuracy against the size of the model, " +
        "are reproduced by this command; `runs/fc_formats.sweep/` then has the table and the pictures. Variants that do not fit are left out; `--set epochs=3` shows in " +
        "minutes what it looks like:",
    ),
    "```sh\nbnmc sweep models/fc_formats.bnm --target ch32v003 --sweep 'hidden=[16,16],[24,24],[32,32],[48,48],[64,64],[80,64]' --sweep format=binary,ternary,2bitsym,4bitsym,8bit\n```\n",
  );
}

function rowOf({ model, target, figures }: Measured): readonly string[] {
  const name = link(code(model.name), `../${model.path}`);
  if (figures === undefined)
    return [name, code(target.name), percent(model.accuracy), "does not fit", "", "", "", "", "", "", "", "", "", "", ""];
  const { cost, cycles, undisturbed, byMeasurement, alone } = figures;
  const time = (count: number): string => `${milliseconds(count, target.name).toFixed(2)} ms`;
  return [
    ...[name, `${code(target.name)}${alone ? ", interrupts disabled" : ""}`, percent(model.accuracy)],
    ...[showCount(cycles.mean), undisturbed === undefined ? "–" : showCount(undisturbed)],
    ...[cycles.max, cycles.worst, cycles.bound].map(showCount),
    ...[cycles.mean, cycles.bound].map(time),
    ...[flashOf(cost), ramOf(cost), cost.ram.stack].map((bytes) => `${showCount(bytes)} B`),
    energyOf(target, cycles.mean),
    byMeasurement ? "measured" : "estimated",
  ];
}

/** µA/MHz are picocoulombs a cycle. */
const energyOf = ({ power }: Measured["target"], cycles: number): string =>
  power === undefined ? "–" : `${Number(((cycles * power.microamperesPerMegahertz * power.millivolts) / 1e9).toPrecision(2))} µJ`;

const powerSources = (rows: readonly Measured[]): string =>
  [...new Map(rows.map(({ target }) => [target.name, target])).values()]
    .map(
      ({ name, power }) =>
        `${code(name)} ${power === undefined ? "unknown" : `${power.microamperesPerMegahertz} µA/MHz at ${power.millivolts / 1000} V, ${power.source}`}`,
    )
    .join("; ");

const peerRows = ({ name, like, accuracy, weights, cycles }: Peer, rows: readonly Measured[]): readonly (readonly string[])[] =>
  Object.entries(cycles).map(([target, published]) => {
    const own = rows.find((row) => row.model.name === like && row.target.name === target);
    const mean = own?.figures?.cycles.mean;
    const ours =
      own === undefined || mean === undefined
        ? ["–", "–", "–", "–"]
        : [code(own.model.name), percent(own.model.accuracy), showCount(mean), `${(published / mean).toFixed(1)}`];
    return [name, code(target), percent(accuracy), `${showCount(weights)} B`, showCount(published), ...ours];
  });

const percent = (share: number): string => `${(100 * share).toFixed(2)}%`;

const clockOf = (target: string): number => loadTarget(target).clockHz!;
