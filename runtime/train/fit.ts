import type { TrainSettings } from "#compiler/catalog/sentences/train.js";
import type { PreparedDataset } from "#compiler/data/dataset.js";
import { layerOf, type Network } from "#compiler/ir/network.js";
import { sizeOf } from "#compiler/ir/types.js";
import { exitCodes, Failure } from "../failure.js";
import { freshCheckpoint, loadCheckpoint, saveCheckpoint } from "./checkpoint.js";
import type { EngineFactory } from "./engine.js";
import { engineFor, engines } from "./engines/index.js";
import { evaluatorOf } from "./evaluator.js";
import type { Report } from "./events.js";
import { openFeed } from "./feed/feed.js";
import { openLog } from "./log.js";
import { classWeightsOf } from "./loss.js";
import { pacer } from "./pace.js";
import { runFolder } from "./run-folder.js";
import { continueRun, finishRun, type Run, type TrainingResult } from "./run.js";

export type { TrainingResult };

export interface FitTask {
  readonly network: Network;
  readonly settings: TrainSettings;
  readonly data: PreparedDataset;
  /** Where checkpoints, metrics and the weights go. */
  readonly runFolder: string;
  /** Continues from the checkpoint in the folder, to the same weights as a run that was never interrupted. */
  readonly resume?: boolean;
  readonly engine?: EngineFactory;
  /** For who runs several trainings at once; all cores by default. The weights do not depend on it. */
  readonly threads?: number;
  readonly report?: Report;
  /** Ends the run between two steps, after saving a checkpoint. */
  readonly signal?: AbortSignal;
}

/** Trains a network; the same task gives the same weights on the same machine. Rejects with a `Failure`. */
export async function fit(task: FitTask): Promise<TrainingResult> {
  const { network, settings, data, signal } = task;
  const threads = task.threads === undefined ? {} : { threads: task.threads };
  checkFits(network, data);
  const folder = runFolder(task.runFolder);
  let checkpoint = task.resume === true ? loadCheckpoint(task, folder.checkpoint) : freshCheckpoint(task);
  const classWeights = classWeightsOf(settings.balance, data.train.labels, data.classes.length);
  const engine = await (task.engine ?? engines[engineFor(network)].start)({ network, optimizer: settings.optimizer, batch: settings.batch, classWeights, ...threads });
  const feed = openFeed({ data, seed: settings.seed, originals: settings.originals, epochs: settings.epochs, ...threads });
  try {
    const log = openLog(folder, checkpoint.epochs);
    const report: Report = (event) => {
      log(event);
      task.report?.(event);
    };
    const run: Run = { network, settings, data, signal, folder, engine, feed, evaluator: evaluatorOf(network), report, pace: pacer() };
    engine.load(checkpoint.state);
    const resumedAfter = task.resume === true ? { epochs: checkpoint.epochs, steps: checkpoint.tally.steps } : undefined;
    report({ kind: "start", engine: engine.name, network: network.name, dataset: data.origin, epochs: settings.epochs, resumedAfter });
    while (checkpoint.epochs < settings.epochs) {
      checkpoint = await continueRun(run, checkpoint);
      saveCheckpoint(run, checkpoint, folder.checkpoint);
      if (signal?.aborted !== true || checkpoint.epochs >= settings.epochs) continue;
      report({ kind: "interrupted", epoch: checkpoint.epochs + 1, step: checkpoint.tally.steps, checkpoint: folder.checkpoint });
      return { outcome: "interrupted", checkpoint: folder.checkpoint };
    }
    return finishRun(run, checkpoint);
  } finally {
    feed.close();
    engine.dispose();
  }
}

function checkFits(network: Network, data: PreparedDataset): void {
  const { shape } = network.layers[0]!.type;
  if (sizeOf(shape) !== sizeOf(data.shape)) {
    throw new Failure(
      `${network.name} reads [${shape.join(", ")}], but the samples are [${data.shape.join(", ")}]`,
      "change `input`, or let the dataset make samples of that shape",
      exitCodes.rejected,
    );
  }
  const answers = sizeOf(layerOf(network, network.result).type.shape);
  if (answers !== data.classes.length) {
    throw new Failure(
      `${network.name} answers with one of ${answers} classes, but the data has ${data.classes.length}`,
      "give the last layer one unit for each class",
      exitCodes.rejected,
    );
  }
}
