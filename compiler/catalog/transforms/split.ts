import { DataError } from "../data-error.js";
import { count, measure, optional } from "../parameter.js";
import { defineArrangement } from "../samples.js";
import { dealSamples } from "../select.js";

const percent = (share: number): string => `${Math.round(share * 1000) / 10}%`;

export default defineArrangement({
  name: "split",
  summary: "Holds out training samples to pick checkpoints by, or to test with; every class in its proportion.",
  parameters: {
    train: optional(measure("share", "How many to train on; 0 for all the rest.", { least: 0, most: 1 }), 0),
    validate: optional(measure("share", "How many to pick checkpoints by.", { least: 0, most: 1 }), 0),
    test: optional(measure("share", "How many to test with, when the source has no test set.", { least: 0, most: 1 }), 0),
    seed: optional(count("Another seed deals differently.", { least: 0 }), 1),
  },
  infer: (shape) => ({ shape }),
  arrange: (splits, { train, validate, test, seed }) => {
    if (train + validate + test > 1 + 1e-9) {
      throw new DataError(
        `\`split\` deals out ${percent(train + validate + test)}: ${percent(train)} + ${percent(validate)} + ${percent(test)}`,
        "The shares may add up to 100% at most.",
      );
    }
    if (test > 0 && splits.test.count > 0) {
      throw new DataError(
        `\`split\` is told to hold out ${percent(test)} for testing, but ${splits.origin} has a test set`,
        "Leave out `test:`.",
      );
    }
    const kept = train === 0 ? 1 - validate - test : train;
    const sizes = [kept, validate, test].map((share) => Math.round(share * splits.train.count));
    const [toTrain, toValidate, toTest] = dealSamples(splits.train, sizes, "split", seed);
    return {
      ...splits,
      train: toTrain!,
      ...(validate > 0 && { validate: toValidate! }),
      ...(test > 0 && { test: toTest! }),
      origin: `${splits.origin}; ${toTrain!.count} to train on${validate > 0 ? `, ${toValidate!.count} to validate` : ""}${test > 0 ? `, ${toTest!.count} to test` : ""}`,
    };
  },
});
