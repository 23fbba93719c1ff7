import { DataError } from "#compiler/catalog/data-error.js";
import type { Samples, Splits } from "#compiler/catalog/samples.js";

/** Refuses what no network could learn from: empty sets, labels without a class, sets of different shapes. */
export function checkSplits({ train, validate, test, classes, origin }: Splits): void {
  const sets = { training: train, ...(validate && { validation: validate }), test };
  for (const [name, set] of Object.entries(sets)) checkSamples(set, `the ${name} set of ${origin}`, train.shape, classes);
}

function checkSamples(samples: Samples, name: string, shape: readonly number[], classes: readonly string[]): void {
  if (samples.count === 0) throw new DataError(`${name} is empty`, "Give at least one sample for each set.");
  if (samples.shape.join() !== shape.join()) {
    const shapes = `[${samples.shape.join(", ")}], but those of the training set [${shape.join(", ")}]`;
    throw new DataError(`the samples of ${name} are ${shapes}`, "All sets need samples of one shape.");
  }
  const size = shape.reduce((product, side) => product * side, 1);
  if (size === 0) throw new DataError(`the samples of ${name} are empty: [${shape.join(", ")}]`, "Give samples with at least one value.");
  if (samples.values.length !== samples.count * size || samples.labels.length !== samples.count) {
    throw new Error(`${name} is inconsistent: ${samples.count} samples of ${size}, ${samples.values.length} values, ${samples.labels.length} labels`);
  }
  const wrong = samples.labels.findIndex((label) => label >= classes.length);
  if (wrong >= 0) {
    throw new DataError(
      `sample ${wrong} of ${name} has the label ${samples.labels[wrong]}, but there are ${classes.length} classes (labels 0 to ${classes.length - 1})`,
      "Name all classes, or correct the labels.",
    );
  }
  const strange = samples.values instanceof Float32Array ? samples.values.findIndex((value) => !Number.isFinite(value)) : -1;
  if (strange >= 0) throw new DataError(`sample ${Math.floor(strange / size)} of ${name} holds ${samples.values[strange]}`, "Remove samples with missing values.");
}
