import type { TrainSettings } from "#compiler/catalog/statements/train.js";
import { forever } from "#compiler/catalog/training.js";
import type { PreparedDataset } from "#compiler/data/dataset.js";
import type { Network } from "#compiler/ir/network.js";
import { checkFits } from "../data/fits.js";
import { exitCodes, Failure } from "../failure.js";
import { answersFor } from "./answers.js";
import { type Checkpoint, freshCheckpoint, loadCheckpoint, saveCheckpoint } from "./checkpoint.js";
import type { EngineFactory } from "./engine.js";
import { engineSource } from "./engine-source.js";
import { defaultEngine, engines } from "./engines/index.js";
import { evaluatorOf } from "./evaluator.js";
import type { Report } from "./events.js";
import { openFeed } from "./feed/feed.js";
import { openLog } from "./log.js";
import { classWeightsOf } from "./loss.js";
import type { Measurement } from "./measure.js";
import { pacer } from "./pace.js";
import { checkPruning } from "./pruning.js";
import { runFolder } from "./run-folder.js";
import { continueRun, finishRun, type Run, type TrainingResult } from "./run.js";
import { checkTeachers, startTeachers, type Teacher } from "./teacher.js";
import { checkStages } from "./trained-network.js";

export type { TrainingResult };

export interface FitTask {
  readonly network: Network;
  readonly settings: TrainSettings;
  readonly data: PreparedDataset;
  /** Those that the settings name, in their order. */
  readonly teachers?: readonly Teacher[];
  /** For the weights file: what makes the network and its settings another variant than the model file says. */
  readonly set?: Readonly<Record<string, string>>;
  /** Where checkpoints, metrics and the weights go. */
  readonly runFolder: string;
  /** Continues from the checkpoint in the folder, to the same weights as a run that was never interrupted. */
  readonly resume?: boolean;
  readonly engine?: EngineFactory;
  /** For who runs several trainings at once; all cores by default. The weights do not depend on it. */
  readonly threads?: number;
  readonly report?: Report;
  /** The estimated cycles of an inference by the activation densities of an epoch, which is told of them. */
  readonly cyclesBy?: Measurement["cyclesBy"];
  /** Ends the run between two steps, after saving a checkpoint. */
  readonly signal?: AbortSignal;
}

/** Trains a network; the same task gives the same weights on the same machine. Rejects with a `Failure`. */
export async function fit(task: FitTask): Promise<TrainingResult> {
  const { network, settings, data, signal } = task;
  const threads = task.threads === undefined ? {} : { threads: task.threads };
  checkFits(network, data);
  checkPatience(settings, data);
  checkTeachers(settings, task.teachers);
  checkPruning(network, settings);
  checkStages(network, settings);
  const folder = runFolder(task.runFolder);
  let checkpoint = task.resume === true ? loadCheckpoint(task, folder.checkpoint) : freshCheckpoint(task);
  const classWeights = classWeightsOf(settings.balance, data.train.labels, data.classes.length);
  const start = task.engine ?? engines[defaultEngine].start;
  // No step has more samples than an epoch, which shows each at most twice: plain and changed.
  const engineTask = { ...settings, batch: Math.min(settings.batch, 2 * data.train.count), classWeights, ...threads };
  const source = engineSource(start, { ...engineTask, network });
  const teachers = await startTeachers(task.teachers ?? [], network, start, engineTask);
  const feed = openFeed({ ...settings, data, first: checkpoint.epochs, poolFolder: folder.pool, ...threads });
  try {
    const log = openLog(folder, checkpoint.epochs);
    const report: Report = (event) => {
      log(event);
      task.report?.(event);
    };
    const run: Run = {
      network,
      settings,
      set: task.set ?? {},
      data,
      signal,
      folder,
      engines: source,
      answers: answersFor(settings, data, teachers),
      feed,
      evaluator: evaluatorOf(network),
      cyclesBy: task.cyclesBy,
      report,
      pace: pacer(),
    };
    const engine = await source.at(checkpoint.epochs, checkpoint.state);
    const resumedAfter = task.resume === true ? { epochs: checkpoint.epochs, steps: checkpoint.tally.steps } : undefined;
    report({ kind: "start", engine: engine.name, network: network.name, dataset: data.origin, epochs: settings.epochs, resumedAfter });
    while (!isOver(settings, checkpoint)) {
      checkpoint = await continueRun(run, checkpoint);
      saveCheckpoint(task, checkpoint, folder.checkpoint);
      if (signal?.aborted !== true || isOver(settings, checkpoint)) continue;
      report({ kind: "interrupted", epoch: checkpoint.epochs + 1, step: checkpoint.tally.steps, checkpoint: folder.checkpoint });
      return { outcome: "interrupted", checkpoint: folder.checkpoint };
    }
    return await finishRun(run, checkpoint);
  } finally {
    feed.close();
    source.dispose();
    for (const teacher of teachers) teacher.dispose();
  }
}

/** Whether all epochs are done, or none was better for as long as patience lasts. */
const isOver = ({ epochs, patience }: TrainSettings, checkpoint: Checkpoint): boolean =>
  checkpoint.epochs >= epochs ||
  (checkpoint.tally.steps === 0 && checkpoint.best !== undefined && checkpoint.epochs - checkpoint.best.reached >= patience);

function checkPatience({ patience }: TrainSettings, { validate }: PreparedDataset): void {
  if (patience === forever || validate !== undefined) return;
  throw new Failure(
    "`patience` needs validation data, and the dataset holds none out",
    "add `split(validate: 10%)` to its samples, or leave `patience` out",
    exitCodes.rejected,
  );
}
