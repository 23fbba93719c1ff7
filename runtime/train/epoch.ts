import type { EpochSamples } from "#compiler/data/epoch.js";
import { exitCodes, Failure } from "../failure.js";
import type { Answer } from "./answers.js";
import type { Batch, Engine } from "./engine.js";
import { type Tally, tallied } from "./tally.js";

export interface EpochTask {
  /** For messages, from 1. */
  readonly epoch: number;
  readonly engine: Engine;
  readonly samples: EpochSamples;
  /** Samples per step; the last step of an epoch has what is left. */
  readonly batch: number;
  /** The learning rate of a step, counted from 0. */
  readonly rateAt: (step: number) => number;
  readonly answer: Answer;
  /** Told after every step, with the number of its samples. */
  readonly report: (tally: Tally, samples: number) => void;
  readonly signal: AbortSignal | undefined;
}

/** How long the event loop waits at most, in milliseconds: Ctrl-C is noticed only there. */
const patience = 40;

export const stepsOf = (samples: number, batch: number): number => Math.ceil(samples / batch);

/** Takes the steps of an epoch that `tally` lacks; ends early, between two steps, when the signal says so. */
export async function runEpoch({ epoch, engine, samples, batch, rateAt, answer, report, signal }: EpochTask, tally: Tally): Promise<Tally> {
  const steps = stepsOf(samples.count, batch);
  // However short an epoch is, it waits once.
  let resumed = -Infinity;
  while (tally.steps < steps && signal?.aborted !== true) {
    const first = tally.steps * batch;
    const taken = batchOf(samples, first, batch);
    const result = engine.step(answer(taken, first), rateAt(tally.steps));
    if (!Number.isFinite(result.loss)) throw diverged(`the loss is ${result.loss} at step ${tally.steps + 1} of epoch ${epoch}`);
    tally = tallied(tally, result, taken.labels.length);
    report(tally, taken.labels.length);
    if (performance.now() - resumed > patience) {
      await new Promise((resolve) => setImmediate(resolve));
      resumed = performance.now();
    }
  }
  return tally;
}

/** Checkpoints are only written of finite weights, so the last one is still good. */
export const diverged = (what: string): Failure =>
  new Failure(
    `the training diverged: ${what}`,
    "lower the learning rate or let it warm up; the last checkpoint was kept",
    exitCodes.rejected,
  );

/** The samples from `start` on. */
function batchOf({ size, values, labels }: EpochSamples, start: number, batch: number): Batch {
  const end = Math.min(start + batch, labels.length);
  return { inputs: values.subarray(start * size, end * size), labels: labels.subarray(start, end) };
}
