import { describe, expect, it } from "vitest";
import { DataError } from "#compiler/catalog/data-error.js";
import type { Application } from "#compiler/ir/application.js";
import type { DataHost, Samples, Splits } from "#compiler/catalog/samples.js";
import digits from "#compiler/catalog/sources/digits.js";
import limit from "#compiler/catalog/transforms/limit.js";
import scale from "#compiler/catalog/transforms/scale.js";
import resize from "#compiler/catalog/transforms/resize.js";
import split from "#compiler/catalog/transforms/split.js";
import standardize from "#compiler/catalog/transforms/standardize.js";
import rotate from "#compiler/catalog/augmentations/rotate.js";
import shift from "#compiler/catalog/augmentations/shift.js";
import { loadDataset, prepareDataset, type DataCatalog, type Inputs } from "./dataset.js";
import { copier, emptyEpoch, epochSamples, type EpochSamples, fillPart, partsOf } from "./epoch.js";

const catalog: DataCatalog = {
  sources: { digits },
  transforms: { limit, resize, scale, split, standardize },
  augmentations: { rotate, shift },
};

const refuse = () => Promise.reject(new Error("nothing to read"));
const offline: DataHost = { found: refuse, published: refuse, unpack: refuse, own: refuse, names: refuse };

const apply = (name: string, settings: Readonly<Record<string, unknown>> = {}): Application => ({ name, arguments: settings });
const source = apply("digits", { train: 60, test: 20, seed: 1 });
const small = [apply("resize", { height: 16, width: 16 }), apply("standardize", { mean: 0.1307, deviation: 0.3081, per: "given" })];
const load = (transforms = small, augment: readonly Application[] = []) => loadDataset({ source, transforms, augment }, offline, catalog);

const set = (shape: readonly number[], values: readonly number[], labels: readonly number[]): Samples => ({
  shape,
  count: labels.length,
  values: Float32Array.from(values),
  labels: Uint8Array.from(labels),
});

const pair: Splits = {
  train: set([2], [1, 2, 3, 4], [0, 1]),
  test: set([2], [5, 6], [1]),
  classes: ["a", "b"],
  origin: "a test",
};
const prepare = (splits: Splits, transforms: readonly Application[] = []) => prepareDataset(splits, { transforms, augment: [] }, catalog);

function refused(action: () => unknown): DataError {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(DataError);
    return error as DataError;
  }
  throw new Error("was accepted");
}

describe("loadDataset", () => {
  it("gives int8 inputs of the transformed shape with their labels", async () => {
    const { train, test, shape, classes, origin } = await load();
    expect({ shape, origin, train: train.count, test: test.count, size: train.size }).toEqual({
      shape: [16, 16],
      origin: "60 + 20 digits drawn from seed 1",
      train: 60,
      test: 20,
      size: 256,
    });
    expect(classes).toHaveLength(10);
    expect(train.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)).toBe(127);
  });

  it("arranges before it converts, wherever that is written", async () => {
    const held = apply("split", { train: 0, validate: 0.2, test: 0, by: "", recordings: "whole", seed: 1 });
    const [last, first] = [await load([...small, held]), await load([held, ...small])];
    expect(last.validate!.count).toBe(12);
    expect(last.train.count).toBe(48);
    expect(last.train).toEqual(first.train);
    expect(last.validate).toEqual(first.validate);
  });

  it("takes statistics from the training set alone", async () => {
    const measured = apply("standardize", { mean: 0, deviation: 1, per: "feature" });
    const { train, test } = prepare({ ...pair, train: set([2], [1, 5, 3, 5], [0, 1]), test: set([2], [2, 6], [1]) }, [measured]);
    expect([...train.values]).toEqual([-127, 0, 127, 0]);
    expect([...test.values]).toEqual([0, 127]);
  });

  it("gives integers of the element that the network reads, as the last step says", () => {
    const scaled = [apply("scale", { per: "set", clip: 0 })];
    const made = prepareDataset(pair, { transforms: scaled, augment: [] }, catalog, { element: "u4" });
    expect(made.element).toBe("u4");
    expect([...made.train.values, ...made.test.values]).toEqual([0, 5, 10, 15, 15, 15]);
    expect(made.steps).toEqual([{ ...scaled[0], constants: { least: [1], largest: [4] } }]);
    expect(made.preparation).toEqual(["(value - least) * 15 / (largest - least), rounded and saturated to 0 to 15; least: 1, largest: 4"]);
  });

  it("scales by all training samples where no step says otherwise", () => {
    expect(prepare(pair).steps).toEqual([{ ...apply("scale", { per: "set", clip: 0 }), constants: { magnitude: [4] } }]);
    expect(prepare(pair).preparation).toEqual(["value * 127 / 4, rounded and saturated to int8"]);
  });

  it("takes class names from the description before those of the source", () => {
    expect(prepareDataset(pair, { transforms: [], augment: [], classes: ["x", "y"] }, catalog).classes).toEqual(["x", "y"]);
    expect(refused(() => prepareDataset(pair, { transforms: [], augment: [], classes: ["x"] }, catalog)).message).toContain("label 1");
  });
});

describe("refuses", () => {
  const refusals: readonly (readonly [string, Splits, RegExp])[] = [
    ["an empty set", { ...pair, test: set([2], [], []) }, /the test set of a test is empty/],
    [
      "a label without a class",
      { ...pair, test: set([2], [1, 2, 3, 4], [0, 2]) },
      /sample 1 of the test set of a test has the label 2, but there are 2 classes: labels 0 to 1/,
    ],
    ["sets of different shapes", { ...pair, test: set([1], [1], [0]) }, /are \[1\], but those of the training set \[2\]/],
    ["samples without values", { ...pair, train: set([0], [], [0]), test: set([0], [], [0]) }, /hold nothing: \[0\]/],
    ["missing values", { ...pair, train: set([2], [1, 2, NaN, 4], [0, 1]) }, /sample 1 of the training set of a test holds NaN/],
  ];
  it.each(refusals)("%s", (_, splits, message) => expect(refused(() => prepare(splits)).message).toMatch(message));

  it("a step that does not fit the samples", () => {
    const { message, remedy } = refused(() => prepare(pair, [apply("resize", { height: 4, width: 4 })]));
    expect(message).toBe("`resize` needs images [height, width], but the samples are [2]");
    expect(remedy).not.toBe("");
  });

  it("a step behind the one that makes integers, and clipping where nothing is measured", () => {
    const scaled = apply("scale", { per: "set", clip: 0 });
    const standardized = apply("standardize", { mean: 0, deviation: 1, per: "given" });
    expect(refused(() => prepare(pair, [scaled, standardized])).message).toBe(
      "`standardize` follows `scale`, which makes the integers that the model reads",
    );
    expect(refused(() => prepare(pair, [scaled, scaled])).message).toContain("`scale` follows `scale`");
    expect(refused(() => prepare(pair, [apply("scale", { per: "sample", clip: 0.1 })])).message).toContain("to clip by training data");
  });

  it("resizing what is no longer bytes", async () => {
    await expect(load([...small].reverse())).rejects.toThrow(DataError);
  });

  it("augmenting fractions as if they were images", () => {
    const fractions = { ...pair, train: set([1, 2], [1, 2], [0]), test: set([1, 2], [1, 2], [0]) };
    const shifted = { transforms: [], augment: [apply("shift", { share: 0 })] };
    expect(refused(() => prepareDataset(fractions, shifted, catalog)).message).toContain("fractions");
  });
});

describe("epochSamples", () => {
  /** The samples by their numbers: plain ones, then changed ones. */
  const bySample = ({ count, size, values, labels, places }: EpochSamples): Inputs => {
    const sorted = { count, size, values: new Int8Array(values.length), labels: new Uint8Array(count) };
    places.forEach((place, sample) => {
      sorted.values.set(values.subarray(place * size, (place + 1) * size), sample * size);
      sorted.labels[sample] = labels[place]!;
    });
    return sorted;
  };
  const turning = [apply("rotate", { angle: 10 }), apply("shift", { share: 0.1 })];
  const still = [apply("shift", { share: 0 }), apply("rotate", { angle: 0 }), apply("shift", { share: 0 })];
  const key = { seed: 1, epoch: 0, originals: "keep", pool: 2 } as const;

  it("shows plain samples alone when nothing changes them", async () => {
    const dataset = await load();
    for (const originals of ["keep", "replace"] as const) {
      const { count, values, labels } = bySample(epochSamples(dataset, { ...key, originals }));
      expect({ count, values, labels }).toEqual({ count: 60, values: dataset.train.values, labels: dataset.train.labels });
    }
  });

  it("converts changed copies exactly as plain samples", async () => {
    const dataset = await load(small, still);
    const { count, values, labels } = bySample(epochSamples(dataset, key));
    expect(count).toBe(120);
    expect(values.subarray(60 * 256)).toEqual(dataset.train.values);
    expect(labels.subarray(60)).toEqual(dataset.train.labels);
  });

  it("keeps or replaces the plain samples", async () => {
    const dataset = await load(small, turning);
    const [kept, replaced] = [bySample(epochSamples(dataset, key)), bySample(epochSamples(dataset, { ...key, originals: "replace" }))];
    expect(kept.values.subarray(0, 60 * 256)).toEqual(dataset.train.values);
    expect(kept.values.subarray(60 * 256)).toEqual(replaced.values);
    expect(replaced.values).not.toEqual(dataset.train.values);
  });

  it("depends on seed and epoch and nothing else", async () => {
    const dataset = await load(small, turning);
    const again = await load(small, turning);
    expect(epochSamples(dataset, key)).toEqual(epochSamples(again, key));
    for (const other of [
      { ...key, seed: 2 },
      { ...key, epoch: 1 },
      { ...key, epoch: 3 },
    ]) {
      expect(bySample(epochSamples(dataset, other)).values).not.toEqual(bySample(epochSamples(dataset, key)).values);
      expect(epochSamples(dataset, other).places).not.toEqual(epochSamples(dataset, key).places);
    }
  });

  it("shows the copies of a pool again, in another order", async () => {
    const dataset = await load(small, turning);
    const [first, third] = [key, { ...key, epoch: 2 }].map((each) => epochSamples(dataset, each));
    expect(bySample(third!)).toEqual(bySample(first!));
    expect(third!.places).not.toEqual(first!.places);
  });

  it("is the same whoever fills in its parts, and in which order", async () => {
    const bytes = (count: number): Samples => ({
      shape: [2, 2],
      count,
      values: Uint8Array.from({ length: 4 * count }, (_, i) => (i * 7) % 256),
      labels: Uint8Array.from({ length: count }, (_, i) => i % 2),
    });
    const splits = { ...pair, train: bytes(1201), test: bytes(1) };
    const dataset = prepareDataset(splits, { transforms: [], augment: [apply("shift", { share: 0.5 })] }, catalog);
    const samples = emptyEpoch(dataset, key, (bytes) => new SharedArrayBuffer(bytes));
    expect(partsOf(dataset)).toBe(3);
    for (const part of [2, 0, 1]) fillPart(dataset, key, samples, part, copier(dataset));
    expect(samples).toEqual(epochSamples(dataset, key));
  });

  it("shows every sample once", async () => {
    const { places, count } = epochSamples(await load(small, turning), key);
    expect([...places].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
  });
});

describe("steps that are known from a training", () => {
  const perFeature = [apply("standardize", { mean: 0, deviation: 1, per: "feature" })];
  const shifted: Splits = { ...pair, train: set([2], [301, 302, 303, 304], [0, 1]) };

  it("prepare other samples by what was measured there, as data that JSON keeps", () => {
    const trained = prepare(pair, perFeature);
    const known = JSON.parse(JSON.stringify(trained.steps)) as typeof trained.steps;
    const again = prepareDataset(shifted, { transforms: perFeature, augment: [] }, catalog, { steps: known });
    expect(again.test.values).toEqual(trained.test.values);
    expect(again.preparation).toEqual(trained.preparation);
    expect(prepare(shifted, perFeature).test.values).not.toEqual(trained.test.values);
  });

  it("include the scale, and say what an unsigned input needs", () => {
    const scaled = [apply("scale", { per: "feature", clip: 0 })];
    const { steps, train } = prepareDataset(pair, { transforms: scaled, augment: [] }, catalog, { element: "u4" });
    const again = prepareDataset({ ...shifted, test: pair.train }, { transforms: scaled, augment: [] }, catalog, { element: "u4", steps });
    expect(again.test.values).toEqual(train.values);
    expect(refused(() => prepareDataset(pair, { transforms: scaled, augment: [] }, catalog, { element: "i8", steps })).message).toBe(
      "the weights were not trained on samples that `scale` makes i8",
    );
  });

  it("from before there was a choice scale each sample by itself", () => {
    const { steps, test } = prepare(pair, perFeature);
    const former = steps.slice(0, -1);
    const own = [...perFeature, apply("scale", { per: "sample", clip: 0 })];
    const known = (transforms: readonly Application[]) =>
      prepareDataset(shifted, { transforms, augment: [] }, catalog, { steps: former }).test.values;
    expect(known(own)).toEqual(test.values);
    expect(refused(() => known([...perFeature, apply("scale", { per: "set", clip: 0 })])).message).toContain('-> scale(per: "sample"');
  });

  it("are refused for samples that the dataset prepares otherwise", () => {
    const { steps } = prepare(pair, perFeature);
    const error = refused(() => prepareDataset(pair, { transforms: [], augment: [] }, catalog, { steps }));
    expect(error.message).toBe(
      'the weights were trained on samples prepared by standardize(mean: 0, deviation: 1, per: "feature") -> scale(per: "set", clip: 0), but the dataset prepares them by scale(per: "set", clip: 0)',
    );
  });
});
