import type { StepResult } from "./engine.js";

/** Running totals of an epoch: loss and correct answers so far. */
export interface Tally {
  readonly steps: number;
  readonly samples: number;
  readonly correct: number;
  /** Summed over the samples. */
  readonly loss: number;
}

export const noTally: Tally = { steps: 0, samples: 0, correct: 0, loss: 0 };

export const tallied = (tally: Tally, { loss, correct }: StepResult, samples: number): Tally => ({
  steps: tally.steps + 1,
  samples: tally.samples + samples,
  correct: tally.correct + correct,
  loss: tally.loss + loss * samples,
});
