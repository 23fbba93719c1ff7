import { DataError } from "../data-error.js";
import { cutRecordings, dealGroups } from "../samples/deal-groups.js";
import { choice, count, measure, optional, text } from "../parameter.js";
import { defineArrangement, type Samples } from "../samples.js";
import { dealSamples } from "../samples/select.js";

const percent = (share: number): string => `${Math.round(share * 1000) / 10}%`;

interface Settings {
  readonly by: string;
  readonly recordings: "whole" | "cut";
  readonly seed: number;
}

/** Deals the samples of `origin` into sets of these shares. */
function deal(samples: Samples, shares: readonly number[], { by, recordings, seed }: Settings, origin: string): readonly Samples[] {
  if (recordings === "cut") {
    if (samples.recordings !== undefined) return cutRecordings(samples, samples.recordings, shares);
    throw new DataError(
      `\`split\` is to cut recordings, but the samples of ${origin} are not their single frames`,
      "Put `split` before `window`, or leave out `recordings: cut`.",
    );
  }
  // Windows of one recording are so alike that they would give away each other's class.
  const name = by === "" && samples.groups?.["recording"] !== undefined ? "recording" : by;
  if (name === "")
    return dealSamples(
      samples,
      shares.map((share) => Math.round(share * samples.count)),
      "split",
      seed,
    );
  const groups = samples.groups?.[name];
  if (groups !== undefined) {
    const dealt = dealGroups(samples, groups, shares, "split", seed);
    if (name === "recording" && dealt.some(({ count }, set) => count === 0 && shares[set]! > 1e-9)) {
      throw tooFewRecordings(new Set(groups).size, origin);
    }
    return dealt;
  }
  const known = Object.keys(samples.groups ?? {});
  throw new DataError(
    `\`split\` is to keep together what has the same ${JSON.stringify(by)}, but ${origin} does not say that of its samples`,
    known.length === 0 ? "Leave out `by:`." : `It says: ${known.map((each) => JSON.stringify(each)).join(", ")}.`,
  );
}

const tooFewRecordings = (recordings: number, origin: string): DataError =>
  new DataError(
    `\`split\` keeps recordings whole, since windows of one are alike, and the ${recordings} of ${origin} are too few for all sets`,
    "Record each class several times: another file, or a blank line, begins another recording. Or cut each recording in time, by `split(…, recordings: cut)` before `window`.",
  );

export default defineArrangement({
  name: "split",
  summary: "Holds out training samples for validation or for testing, stratified by class.",
  parameters: {
    train: optional(measure("share", "How many to train on; 0 for all the rest.", { least: 0, most: 1 }), 0),
    validate: optional(measure("share", "How many to pick checkpoints by.", { least: 0, most: 1 }), 0),
    test: optional(measure("share", "How many to test with, when the source has no test set.", { least: 0, most: 1 }), 0),
    by: optional(text("What must not be torn apart, by the name of its column: a person, a day. Windows of a recording never are."), ""),
    recordings: optional(
      choice(
        ["whole", "cut"],
        "Whether recordings stay whole, or each is cut in time: for few, long ones. `window` comes after such a cut.",
      ),
      "whole",
    ),
    seed: optional(count("Another seed deals differently.", { least: 0 }), 1),
  },
  infer: (shape) => ({ shape }),
  arrange: (splits, { train, validate, test, ...settings }) => {
    if (train + validate + test > 1 + 1e-9) {
      throw new DataError(
        `\`split\` deals out ${percent(train + validate + test)}: ${percent(train)} + ${percent(validate)} + ${percent(test)}`,
        "The shares may add up to 100% at most.",
      );
    }
    const held = [
      { name: "validate", share: validate, purpose: "to pick checkpoints by", there: splits.validate !== undefined },
      { name: "test", share: test, purpose: "for testing", there: splits.test.count > 0 },
    ];
    for (const { name, share, purpose, there } of held) {
      if (share === 0 || !there) continue;
      throw new DataError(
        `\`split\` is told to hold out ${percent(share)} ${purpose}, but ${splits.origin} has ${name === "test" ? "a test set" : "samples for that"}`,
        `Leave out \`${name}:\`.`,
      );
    }
    const shares = [train === 0 ? 1 - validate - test : train, validate, test];
    const [toTrain, toValidate, toTest] = deal(splits.train, shares, settings, splits.origin);
    return {
      ...splits,
      train: toTrain!,
      ...(validate > 0 && { validate: toValidate! }),
      ...(test > 0 && { test: toTest! }),
      origin: [
        splits.origin,
        ...held.filter(({ share }) => share > 0).map(({ share, purpose }) => `${percent(share)} held out ${purpose}`),
      ].join("; "),
    };
  },
});
