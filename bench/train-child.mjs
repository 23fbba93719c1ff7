/**
 * One short training, measured: what `bnmc train models/fc_mnist.bnm` does, as a process of its own on the built
 * package. Prints one line of JSON. Arguments: the engine, the number of epochs.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { catalog } from "#compiler/catalog/index.js";
import { loadDataset } from "#compiler/data/dataset.js";
import { networkIn, open, trainingOf } from "#runtime/cli/project.js";
import { dataHost } from "#runtime/data/host.js";
import { packageRoot } from "#runtime/host.js";
import { engines } from "#runtime/train/engines/index.js";
import { fit } from "#runtime/train/fit.js";

const [engine, epochs] = process.argv.slice(2);
const project = open(join(packageRoot, "models/fc_mnist.bnm"));
const network = networkIn(project);
const { training, dataset } = trainingOf(project, network);
const host = dataHost({ modelFolder: join(packageRoot, "models"), environment: process.env });
const data = await loadDataset(dataset, host, catalog);
const runFolder = mkdtempSync(join(tmpdir(), "bnmc-bench-"));
let firstStep;
/** When each epoch was over, evaluation and all, in milliseconds since the process began. */
const ends = [];
const result = await fit({
  network,
  settings: { ...training.settings, epochs: Number(epochs) },
  data,
  runFolder,
  engine: engines[engine].start,
  report: ({ kind }) => {
    if (kind === "step") firstStep ??= performance.now();
    if (kind === "epoch") ends.push(performance.now());
  },
});
rmSync(runFolder, { recursive: true });
const seconds = ends.slice(1).map((end, i) => (end - ends[i]) / 1000);
console.log(JSON.stringify({ seconds, firstStep: firstStep / 1000, peak: process.resourceUsage().maxRSS / 1024, accuracy: result.provenance.integerAccuracy }));
