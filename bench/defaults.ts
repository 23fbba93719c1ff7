/**
 * The study of defaults: how values keep what a reading says. Tables by one hidden layer of 16, the mean test accuracy of five splits, beside a
 * float perceptron with biases; pictures and series, the mean of three seeds, on validation data where there is some. 4-bit weights.
 * Run: BNMC_DATA=… npm run bench:defaults
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { catalog } from "#compiler/catalog/index.js";
import type { Samples, Splits } from "#compiler/catalog/samples.js";
import { statisticsOf } from "#compiler/catalog/samples/statistics.js";
import { loadDataset } from "#compiler/data/dataset.js";
import type { TrainSettings } from "#compiler/catalog/statements/train.js";
import { networkIn, open, trainingOf } from "../runtime/cli/project.js";
import { dataHost } from "../runtime/data/host.js";
import { elementReadBy } from "../runtime/data/fits.js";
import type { Report } from "../runtime/train/events.js";
import { fit } from "../runtime/train/fit.js";
import { floatPerceptron, type FloatRows } from "./float-mlp.js";

const tables = [
  ["iris", 4, 3],
  ["wine", 13, 3],
  ["seeds", 7, 3],
  ["sonar", 60, 2],
  ["glass", 9, 6],
  ["wdbc", 30, 2],
] as const;

type Set = Readonly<Record<string, string>>;

const ways: Readonly<Record<string, Set>> = {
  "sample's range": { per: "sample", range: "sample", bias: "no" },
  "fixed range": { per: "set", range: "fixed", bias: "no" },
  "fixed range, bias": { per: "set", range: "fixed", bias: "yes" },
  "the same, a scale per feature": { per: "feature", range: "fixed", bias: "yes" },
};

const splits = [1, 2, 3, 4, 5];
const seeds = [1, 2, 3];
const host = dataHost({ modelFolder: "bench/defaults", environment: process.env });
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Of the integers: on validation data where the dataset holds some out, else on the test set. */
async function integers(file: string, set: Set, model?: string): Promise<number> {
  const project = open(`bench/defaults/${file}.bnm`, set);
  const network = networkIn(project, model);
  const { training, dataset } = trainingOf(project, network);
  const data = await loadDataset(dataset, host, catalog, { element: elementReadBy(network) });
  const runFolder = mkdtempSync(join(tmpdir(), "bnmc-defaults-"));
  let validated: number | undefined;
  const report: Report = (event) => {
    if (event.kind === "epoch") validated = event.validationAccuracy;
  };
  const result = await fit({ network, settings: training.settings as TrainSettings, data, runFolder, report });
  rmSync(runFolder, { recursive: true });
  return validated ?? (result.outcome === "finished" ? result.provenance.integerAccuracy! : NaN);
}

/** The same rows as floats. */
async function floats(set: Set): Promise<number> {
  const project = open("bench/defaults/tables.bnm", set);
  const { training, dataset } = trainingOf(project, networkIn(project));
  const given = await catalog.sources[dataset.source.name]!.load(host, dataset.source.arguments, undefined);
  const [deal] = dataset.transforms;
  const split = catalog.transforms[deal!.name]!;
  if (split.kind !== "arrangement") throw new Error(`${deal!.name} deals nothing`);
  const dealt: Splits = split.arrange(given, deal!.arguments);
  const { epochs, batch, seed } = training.settings as TrainSettings;
  const standard = standardizer(dealt.train);
  return floatPerceptron(
    { train: standard(dealt.train), test: standard(dealt.test), classes: given.classes.length },
    { hidden: 16, epochs, batch, rate: 0.01, seed },
  );
}

function standardizer(train: Samples): (samples: Samples) => FloatRows {
  const width = train.shape[0]!;
  const of = statisticsOf(train, width);
  return ({ values, count, labels }) => ({
    rows: Array.from({ length: count }, (_, i) =>
      Float64Array.from(
        values.subarray(i * width, (i + 1) * width),
        (value, feature) => (value - of.mean[feature]!) / of.deviation[feature]!,
      ),
    ),
    labels,
  });
}

const percent = (share: number): string => (100 * share).toFixed(1);
const line = (...cells: readonly string[]): void => console.log(`| ${cells.join(" | ")} |`);

const names = Object.keys(ways);
line("data", "float", ...names);
line(...Array.from({ length: names.length + 2 }, () => "---"));
for (const [name, features, classes] of tables) {
  const set = { file: `"tabular/${name}.csv"`, features: String(features), classes: String(classes) };
  const each = (run: (set: Set) => Promise<number>): Promise<readonly number[]> =>
    Promise.all(splits.map((deal) => run({ ...set, deal: String(deal) })));
  const cells = [percent(mean(await each(floats)))];
  for (const way of Object.values(ways)) cells.push(percent(mean(await each((more) => integers("tables", { ...more, ...way })))));
  line(name, ...cells);
}
for (const [file, model] of [
  ["series", "gestures_perceptron"],
  ["series", "spoken_convolutions"],
  ["pictures", "digits_perceptron"],
  ["pictures", "clothes_perceptron"],
  ["pictures", "digits_convolutions"],
] as const) {
  const cells = ["-"];
  for (const way of Object.values(ways)) {
    const found: number[] = [];
    for (const seed of seeds) found.push(await integers(file, { ...way, seed: String(seed) }, model));
    cells.push(percent(mean(found)));
  }
  line(model, ...cells);
}
