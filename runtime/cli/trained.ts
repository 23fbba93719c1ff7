import { dirname } from "node:path";
import { catalog } from "#compiler/catalog/index.js";
import { loadDataset, type PreparedDataset } from "#compiler/data/dataset.js";
import type { Wanted } from "#compiler/data/conversions.js";
import { unknownClasses } from "#compiler/elaborate/claims.js";
import type { Dataset } from "#compiler/ir/module.js";
import type { Network } from "#compiler/ir/network.js";
import { checkFits, checkTested, elementReadBy } from "../data/fits.js";
import { dataHost } from "../data/host.js";
import { Failure } from "../failure.js";
import { fileExists } from "../host.js";
import { collectGarbage } from "../memory.js";
import { setWords, shellLine } from "../shell.js";
import { type LoadedWeights, loadWeights, type Provenance } from "../weights/weights.js";
import { defaultWeights, networkIn, open, type Overrides, type Project, Rejected, show, trainingOf } from "./project.js";
import { showBytes, style, tell } from "./terminal.js";

/** A model with its trained weights. */
export interface Trained extends LoadedWeights {
  readonly project: Project;
  readonly network: Network;
  readonly weightsPath: string;
}

export interface TrainedOptions {
  readonly set: Overrides;
  readonly model?: string;
  readonly weights?: string;
}

/** Opens a model file and the weights that belong to it. */
export function openTrained(path: string, { set, model, weights }: TrainedOptions): Trained {
  const project = open(path, set);
  const network = networkIn(project, model);
  const weightsPath = weights ?? defaultWeights(project, network, set);
  if (!fileExists(weightsPath)) {
    const command = shellLine(["bnmc", "train", path, ...setWords(set), ...(model === undefined ? [] : ["--model", model])]);
    throw new Failure(`there are no weights at ${weightsPath}`, `train the model first: ${command}, or name a file with --weights`);
  }
  return { project, network, weightsPath, ...loadWeights(network, weightsPath) };
}

/**
 * Reads the dataset that a network learns from, or downloads it; says what was read, and refuses what does not fit. With the provenance of
 * weights, samples are prepared as in their training.
 */
export async function openDataOf(
  project: Project,
  network: Network,
  dataDirectory?: string,
  { steps }: Provenance = {},
): Promise<PreparedDataset> {
  const { training, dataset } = trainingOf(project, network);
  const data = await openData(project, dataset, dataDirectory, { element: elementReadBy(network), ...(steps && { steps }) });
  checkFits(network, data);
  const unknown = unknownClasses(training.claims, dataset.name, data.classes);
  show(unknown);
  if (unknown.length > 0) throw new Rejected();
  checkTested(training.claims, data);
  return data;
}

/** Reads a dataset, or downloads it, and prepares it for a network; says what was read. */
export async function openData({ path }: Project, dataset: Dataset, dataDirectory?: string, wanted: Wanted = {}): Promise<PreparedDataset> {
  const host = dataHost({
    ...(dataDirectory === undefined ? {} : { dataDirectory }),
    modelFolder: dirname(path),
    environment: process.env,
    report: (line) => tell(style("dim", line)),
    progress: showDownload,
  });
  const prepared = await loadDataset(dataset, host, catalog, wanted);
  collectGarbage();
  const { origin, remarks, train, validate, test } = prepared;
  const counts = [`${train.count} to train on`, ...(validate ? [`${validate.count} to validate`] : []), `${test.count} to test`];
  tell(style("dim", `${dataset.name}: ${origin}; ${counts.join(", ")}`));
  for (const remark of remarks) tell(style("dim", `   = note: ${remark}`));
  return prepared;
}

/** A moving line on a terminal; elsewhere the line that announces the download is enough. */
function showDownload(file: string, received: number, total: number | undefined): void {
  if (process.stderr.isTTY !== true) return;
  const share = total === undefined ? "" : ` of ${showBytes(total)} (${Math.floor((100 * received) / total)}%)`;
  process.stderr.write(`\r\u001B[K${file}: ${showBytes(received)}${share}${received === total ? "\n" : ""}`);
}
