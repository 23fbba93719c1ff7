/**
 * One short training, measured: what `bnmc train` does, as a process of its own on the built package, with an epoch of
 * plain and augmented images. Prints one line of JSON. Arguments: the model, the number of epochs.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { catalog } from "#compiler/catalog/index.js";
import { loadDataset } from "#compiler/data/dataset.js";
import { networkIn, open, trainingOf } from "#runtime/cli/project.js";
import { dataHost } from "#runtime/data/host.js";
import { packageRoot } from "#runtime/host.js";
import { collectGarbage } from "#runtime/memory.js";
import { fit } from "#runtime/train/fit.js";

const [model, epochs] = process.argv.slice(2);
const project = open(join(packageRoot, "models", `${model}.bnm`));
const network = networkIn(project);
const { training, dataset } = trainingOf(project, network);
const host = dataHost({ modelFolder: join(packageRoot, "models"), environment: process.env });
const data = await loadDataset(dataset, host, catalog);
collectGarbage();
const runFolder = mkdtempSync(join(tmpdir(), "bnmc-bench-"));
let firstStep;
/** When each epoch was over, evaluation and all, in milliseconds since the process began. */
const ends = [];
const result = await fit({
  network,
  settings: { ...training.settings, epochs: Number(epochs), originals: "keep" },
  data,
  runFolder,
  report: ({ kind }) => {
    if (kind === "step") firstStep ??= performance.now();
    if (kind === "epoch") ends.push(performance.now());
  },
});
rmSync(runFolder, { recursive: true });
const seconds = ends.slice(1).map((end, i) => (end - ends[i]) / 1000);
console.log(
  JSON.stringify({
    seconds,
    firstStep: firstStep / 1000,
    peak: process.resourceUsage().maxRSS / 1024,
    accuracy: result.provenance.integerAccuracy,
  }),
);
