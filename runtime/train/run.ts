import type { Evaluation } from "#compiler/catalog/claim.js";
import { catalog } from "#compiler/catalog/index.js";
import { forever } from "#compiler/catalog/training.js";
import type { TrainSettings } from "#compiler/catalog/statements/train.js";
import type { PreparedDataset } from "#compiler/data/dataset.js";
import { evenlySpaced } from "#compiler/data/evenly-spaced.js";
import type { Network } from "#compiler/ir/network.js";
import type { Weights } from "#compiler/ir/weights.js";
import { quantizeWeights } from "#compiler/catalog/integers.js";
import { valuesOf } from "#compiler/reference/run.js";
import { accuracyOf, evaluate } from "../evaluate/evaluate.js";
import { loadWeights, type Provenance, saveWeights } from "../weights/weights.js";
import type { Answers } from "./answers.js";
import { adjustedAt } from "./adjust.js";
import type { Checkpoint } from "./checkpoint.js";
import type { Engine } from "./engine.js";
import { diverged, runEpoch, stepsOf } from "./epoch.js";
import type { Evaluator } from "./evaluator.js";
import type { EngineSource } from "./engine-source.js";
import type { Report } from "./events.js";
import type { Feed } from "./feed/feed.js";
import { floatAccuracyOf, type Measurement, measure, occupanciesOf, shippedWeights } from "./measure.js";
import type { pacer } from "./pace.js";
import { originOf } from "./origin.js";
import type { RunFolder } from "./run-folder.js";
import { isFinite, stateOfWeights } from "./state.js";
import { noTally, type Tally } from "./tally.js";

/** A run on the way: what stays the same from epoch to epoch. */
export interface Run {
  readonly network: Network;
  readonly settings: TrainSettings;
  /** Of the variant, as `--set` gives it. */
  readonly set: Readonly<Record<string, string>>;
  readonly data: PreparedDataset;
  readonly folder: RunFolder;
  readonly engines: EngineSource;
  readonly answers: Answers;
  readonly feed: Feed;
  readonly evaluator: Evaluator;
  readonly cyclesBy: Measurement["cyclesBy"];
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
export async function continueRun(run: Run, { state: from, epochs, tally: before, best }: Checkpoint): Promise<Checkpoint> {
  const { network, settings, report } = run;
  const engine = await run.engines.at(epochs, from);
  const started = performance.now();
  const samples = await run.feed.samples(epochs);
  const steps = stepsOf(samples.count, settings.batch);
  const rateAt = rateOf(run, epochs, steps);
  const at = { epoch: epochs + 1, epochs: settings.epochs };
  if (before.steps === 0) adjust(run, engine, epochs);
  const sayStep = (tally: Tally, taken: number): void => {
    const stepsLeft = (settings.epochs - epochs) * steps - tally.steps;
    report({ kind: "step", ...at, step: tally.steps, steps, ...meansOf(tally), ...run.pace(taken, stepsLeft) });
  };
  const tally = await runEpoch(
    {
      epoch: at.epoch,
      engine,
      samples,
      answer: run.answers(epochs, samples),
      batch: settings.batch,
      rateAt,
      report: sayStep,
      signal: run.signal,
    },
    before,
  );
  const state = engine.state();
  if (!isFinite(state)) throw diverged(`some weights are not finite after epoch ${at.epoch}`);
  if (tally.steps < steps) return { state, epochs, tally, best };
  const seconds = (performance.now() - started) / 1000;
  const weights = shippedWeights(network, settings, state);
  const measured = measure(run, weights);
  report({ kind: "epoch", ...at, samples: tally.samples, ...meansOf(tally), ...measured, rate: rateAt(steps - 1), seconds });
  return { state, epochs: at.epoch, tally: noTally, best: keepBest(run, weights, at.epoch, measured, best) };
}

/** Chooses the weights, measures them and writes them to the run folder. */
export async function finishRun(run: Run, { state, epochs, best }: Checkpoint): Promise<TrainingResult> {
  const { network, settings, data, folder, report } = run;
  const weights = best === undefined ? shippedWeights(network, settings, state) : loadWeights(network, folder.best).weights;
  const evaluation = evaluate(network, weights, data.test, data.classes);
  const integerAccuracy = accuracyOf(evaluation);
  const engine = await run.engines.at(forever, state);
  engine.load({ ...stateOfWeights(network, weights), step: state.step });
  const floatAccuracy = floatAccuracyOf(engine, data);
  const epoch = best?.epoch ?? epochs;
  const seen = evenlySpaced(data.train, measuredSamples).map(valuesOf(network, quantizeWeights(network, weights)));
  const provenance = { ...originOf(run, epoch), occupancies: occupanciesOf(network, seen), floatAccuracy, integerAccuracy };
  saveWeights(network, { weights, provenance }, folder.weights);
  report({ kind: "finished", epoch, integerAccuracy, floatAccuracy, weights: folder.weights });
  return { outcome: "finished", weights, provenance, evaluation, path: folder.weights };
}

/** Samples that occupancies are measured on, evenly spaced. */
const measuredSamples = 200;

const meansOf = ({ loss, correct, samples }: Tally): { readonly loss: number; readonly accuracy: number } => ({
  loss: loss / samples,
  accuracy: correct / samples,
});

/** The learning rate at each step of an epoch. */
function rateOf({ settings: { rate, epochs } }: Run, epoch: number, steps: number): (step: number) => number {
  const schedule = catalog.schedules[rate.name]!;
  return (step) => schedule.rateAt(rate.arguments, epoch + step / steps, epochs);
}

/** Clipping scalars and fixed ranges follow the weights. */
function adjust(run: Run, engine: Engine, epoch: number): void {
  const state = engine.state();
  const adjusted = adjustedAt(run, state, epoch);
  if (adjusted !== state) engine.load(adjusted);
}

/** Model selection by validation data, never by the test set; of equally good epochs the latest is kept. */
function keepBest(
  run: Run,
  weights: Weights,
  epoch: number,
  { integerAccuracy, validationAccuracy }: ReturnType<typeof measure>,
  best: Checkpoint["best"],
): Checkpoint["best"] {
  if (validationAccuracy === undefined || (best !== undefined && validationAccuracy < best.accuracy)) return best;
  const { network, folder } = run;
  const provenance = { ...originOf(run, epoch), integerAccuracy };
  saveWeights(network, { weights, provenance }, folder.best);
  return { epoch, accuracy: validationAccuracy, reached: best?.accuracy === validationAccuracy ? best.reached : epoch };
}
