import type { TrainingEvent } from "../../train/events.js";
import { perceptron } from "../../train/testing/perceptron.js";
import { shortTraining } from "../../train/testing/settings.js";
import type { Values } from "../grid.js";
import { type Outcome, showValues, type Variant } from "../variant.js";

interface Made {
  readonly values: Values;
  readonly width?: number;
  readonly seed?: number;
  readonly epochs?: number;
  /** Bytes of weights, and cycles, on the chip. */
  readonly flash?: number;
  readonly cycles?: number;
}

const span = { source: { path: "test.bnm", text: "" }, start: 0, end: 0 };

/** A variant of a perceptron as checking makes it; its costs are made up. */
export const variant = ({ values, width = 8, seed = 1, epochs = 4, flash = 1000, cycles = 50_000 }: Made): Variant => ({
  name: `net.${showValues(values)}`,
  values,
  network: perceptron([16, width, 4]),
  settings: shortTraining({ seed, epochs }),
  dataset: { name: "drawn", source: { name: "digits", arguments: {} }, transforms: [], augment: [], origin: span },
  engine: "fused",
  costs: [{ target: "chip", cost: { flash: { code: 0, weights: flash }, ram: { static: 100, stack: 28 }, cycles } }],
});

/** So many of a hundred test samples. */
export const finished = (correct: number): Outcome => ({
  kind: "finished",
  result: { set: "test", samples: 100, correct, epoch: 4, weights: "" },
});

/** The report of a step, in an epoch of 10 steps, from 1. */
export const step = (epoch: number, at: number, secondsLeft: number, epochs = 4): TrainingEvent => ({
  kind: "step",
  epoch,
  epochs,
  step: at,
  steps: 10,
  loss: 0.5,
  accuracy: 0.8,
  samplesPerSecond: 1000,
  secondsLeft,
});
