import type { Evaluation } from "#compiler/catalog/claim.js";
import { catalog } from "#compiler/catalog/index.js";
import type { TrainSettings } from "#compiler/catalog/sentences/train.js";
import type { PreparedDataset } from "#compiler/data/dataset.js";
import type { Network } from "#compiler/ir/network.js";
import type { Weights } from "#compiler/ir/weights.js";
import { accuracyOf, evaluate } from "../evaluate/evaluate.js";
import { loadWeights, type Provenance, saveWeights } from "../weights/weights.js";
import type { Checkpoint } from "./checkpoint.js";
import type { Engine } from "./engine.js";
import { diverged, runEpoch, stepsOf } from "./epoch.js";
import type { Evaluator } from "./evaluator.js";
import type { EpochReport, Report } from "./events.js";
import type { Feed } from "./feed/feed.js";
import { indexOfLargest } from "./loss.js";
import type { pacer } from "./pace.js";
import type { RunFolder } from "./run-folder.js";
import { isFinite, type TrainingState, weightsOfState, withClips } from "./state.js";
import { noTally, type Tally } from "./tally.js";

/** A run on the way: what stays the same from epoch to epoch. */
export interface Run {
  readonly network: Network;
  readonly settings: TrainSettings;
  readonly data: PreparedDataset;
  readonly folder: RunFolder;
  readonly engine: Engine;
  readonly feed: Feed;
  readonly evaluator: Evaluator;
  readonly report: Report;
  readonly signal: AbortSignal | undefined;
  readonly pace: ReturnType<typeof pacer>;
}

export type TrainingResult =
  | {
      readonly outcome: "finished";
      readonly weights: Weights;
      readonly provenance: Provenance;
      /** Of the integer model on the test set. */
      readonly evaluation: Evaluation;
      /** The weights file in the run folder. */
      readonly path: string;
    }
  | { readonly outcome: "interrupted"; readonly checkpoint: string };

/** From a checkpoint to the end of its epoch, or to where the signal ends it. */
export async function continueRun(run: Run, { epochs, tally: before, best }: Checkpoint): Promise<Checkpoint> {
  const { settings, engine, report } = run;
  const started = performance.now();
  const samples = await run.feed.samples(epochs);
  const steps = stepsOf(samples.count, settings.batch);
  const rateAt = rateOf(run, epochs, steps);
  const at = { epoch: epochs + 1, epochs: settings.epochs };
  if (before.steps === 0) updateClips(run, epochs);
  const sayStep = (tally: Tally, taken: number): void => {
    const stepsLeft = (settings.epochs - epochs) * steps - tally.steps;
    report({ kind: "step", ...at, step: tally.steps, steps, ...meansOf(tally), ...run.pace(taken, stepsLeft) });
  };
  const tally = await runEpoch({ epoch: at.epoch, engine, samples, batch: settings.batch, rateAt, report: sayStep, signal: run.signal }, before);
  const state = engine.state();
  if (!isFinite(state)) throw diverged(`some weights are not finite after epoch ${at.epoch}`);
  if (tally.steps < steps) return { state, epochs, tally, best };
  const seconds = (performance.now() - started) / 1000;
  const accuracies = measure(run, state);
  report({ kind: "epoch", ...at, samples: tally.samples, ...meansOf(tally), ...accuracies, rate: rateAt(steps - 1), seconds });
  return { state, epochs: at.epoch, tally: noTally, best: keepBest(run, state, at.epoch, accuracies, best) };
}

/** Chooses the weights, measures them and writes them to the run folder. */
export function finishRun(run: Run, { state, epochs, best }: Checkpoint): TrainingResult {
  const { network, settings, data, folder, engine, report } = run;
  const weights = best === undefined ? weightsOfState(state) : loadWeights(network, folder.best).weights;
  const evaluation = evaluate(network, weights, data.test, data.classes);
  const integerAccuracy = accuracyOf(evaluation);
  const chosen = [...state.layers].map(([id, layer]) => [id, { ...layer, weights: weights.get(id)!.values, clip: weights.get(id)!.clip }] as const);
  engine.load({ ...state, layers: new Map(chosen) });
  const floatAccuracy = floatAccuracyOf(run);
  const epoch = best?.epoch ?? epochs;
  const provenance = { epochs: epoch, seed: settings.seed, dataset: data.origin, floatAccuracy, integerAccuracy };
  saveWeights(network, { weights, provenance }, folder.weights);
  report({ kind: "finished", epoch, integerAccuracy, floatAccuracy, weights: folder.weights });
  return { outcome: "finished", weights, provenance, evaluation, path: folder.weights };
}

const meansOf = ({ loss, correct, samples }: Tally): { readonly loss: number; readonly accuracy: number } => ({
  loss: loss / samples,
  accuracy: correct / samples,
});

/** The learning rate at each step of an epoch. */
function rateOf({ settings: { rate, epochs } }: Run, epoch: number, steps: number): (step: number) => number {
  const schedule = catalog.schedules[rate.name]!;
  return (step) => schedule.rateAt(rate.arguments, epoch + step / steps, epochs);
}

/** Clipping scalars follow the weights at the start of each epoch, until the rule says they stay. */
function updateClips({ engine, settings: { clip } }: Run, epoch: number): void {
  if (epoch < catalog.clips[clip.name]!.until(clip.arguments)) engine.load(withClips(engine.state(), clip));
}

type Accuracies = Pick<EpochReport, "integerAccuracy" | "validationAccuracy">;

function measure({ data, evaluator }: Run, state: TrainingState): Accuracies {
  const weights = weightsOfState(state);
  const accuracy = (inputs: PreparedDataset["test"]): number => accuracyOf(evaluator(weights, inputs, data.classes));
  return { integerAccuracy: accuracy(data.test), validationAccuracy: data.validate && accuracy(data.validate) };
}

/** Validation data chooses; the test set never does. The earlier of two equally good epochs stays. */
function keepBest(run: Run, state: TrainingState, epoch: number, { integerAccuracy, validationAccuracy }: Accuracies, best: Checkpoint["best"]): Checkpoint["best"] {
  if (validationAccuracy === undefined || (best !== undefined && validationAccuracy <= best.accuracy)) return best;
  const { network, settings, data, folder } = run;
  const provenance = { epochs: epoch, seed: settings.seed, dataset: data.origin, integerAccuracy };
  saveWeights(network, { weights: weightsOfState(state), provenance }, folder.best);
  return { epoch, accuracy: validationAccuracy };
}

/** Samples that the float model is measured on at a time, to keep its tensors small. */
const measuredAtOnce = 1000;

/** Of the float model on the test set, as the engine runs it. */
function floatAccuracyOf({ engine, data: { test, classes } }: Run): number {
  let correct = 0;
  for (let first = 0; first < test.count; first += measuredAtOnce) {
    const sums = engine.sums(test.values.subarray(first * test.size, (first + measuredAtOnce) * test.size));
    for (let i = 0; i * classes.length < sums.length; i++) {
      const row = sums.subarray(i * classes.length, (i + 1) * classes.length);
      if (indexOfLargest(row) === test.labels[first + i]) correct++;
    }
  }
  return correct / test.count;
}
