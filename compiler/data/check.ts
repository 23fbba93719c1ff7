import { DataError } from "#compiler/catalog/data-error.js";
import type { Samples, Splits } from "#compiler/catalog/samples.js";
import { sizeOf } from "#compiler/ir/types.js";

/** Refuses samples that no network could learn from: labels without a class, sets of different shapes, missing numbers. */
export function checkSamples(splits: Splits): void {
  for (const [name, samples] of sets(splits)) {
    checkShape(samples, name, splits.train.shape);
    checkLabels(samples, name, splits.classes.length);
    checkValues(samples, name);
  }
}

/** Refuses empty sets. */
export function checkPresence(splits: Splits): void {
  for (const [name, { count }] of sets(splits)) {
    if (count === 0)
      throw new DataError(`${name} is empty`, "Give more samples, or let `split` deal it some: `split(validate: 10%, test: 20%)`.");
  }
}

/** Sets with fewer samples than this decide little: one sample is worth more than a point. */
const fewSamples = 100;

/** What is odd about sets that can be learned from all the same: classes that they lack, and how little few samples decide. */
export function remarksOnSets(splits: Splits): readonly string[] {
  return sets(splits).flatMap(([called, { labels, count }]) => {
    const name = called.slice(0, called.indexOf(" of "));
    const present = new Set(labels);
    const missing = splits.classes.filter((_, label) => !present.has(label));
    return [
      ...(missing.length === 0 ? [] : [`${name} has no samples of ${missing.map((each) => JSON.stringify(each)).join(", ")}`]),
      ...(count >= fewSamples || splits.train.labels === labels
        ? []
        : [`${name} has ${count} ${count === 1 ? "sample" : "samples"}: each is worth ${(100 / count).toFixed(1)} points of its accuracy`]),
    ];
  });
}

const sets = ({ train, validate, test, origin }: Splits): readonly (readonly [string, Samples])[] => [
  [`the training set of ${origin}`, train],
  ...(validate ? [[`the validation set of ${origin}`, validate] as const] : []),
  [`the test set of ${origin}`, test],
];

const shown = (shape: readonly number[]): string => `[${shape.join(", ")}]`;

function checkShape(samples: Samples, name: string, shape: readonly number[]): void {
  if (shown(samples.shape) !== shown(shape)) {
    throw new DataError(
      `the samples of ${name} are ${shown(samples.shape)}, but those of the training set ${shown(shape)}`,
      "All sets need samples of one shape.",
    );
  }
  const size = sizeOf(shape);
  if (size === 0) {
    throw new DataError(`the samples of ${name} hold nothing: ${shown(shape)}`, "Give samples with at least one value.");
  }
  if (samples.values.length !== samples.count * size || samples.labels.length !== samples.count) {
    throw new Error(
      `${name} is inconsistent: ${samples.count} samples of ${size}, ${samples.values.length} values, ${samples.labels.length} labels`,
    );
  }
}

function checkLabels({ labels }: Samples, name: string, classes: number): void {
  const wrong = labels.findIndex((label) => label >= classes);
  if (wrong < 0) return;
  throw new DataError(
    `sample ${wrong} of ${name} has the label ${labels[wrong]}, but there are ${classes} classes: labels 0 to ${classes - 1}`,
    "Name all classes, or correct the labels.",
  );
}

function checkValues({ values, shape }: Samples, name: string): void {
  const strange = values instanceof Float32Array ? values.findIndex((value) => !Number.isFinite(value)) : -1;
  if (strange < 0) return;
  throw new DataError(
    `sample ${Math.floor(strange / sizeOf(shape))} of ${name} holds ${values[strange]}`,
    "Remove samples with missing values.",
  );
}
