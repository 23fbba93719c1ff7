import { describe, expect, test } from "vitest";
import { catalog } from "#compiler/catalog/index.js";
import { prepareDataset, type PreparedDataset } from "#compiler/data/dataset.js";
import { epochSamples } from "#compiler/data/epoch.js";
import { forever } from "#compiler/catalog/training.js";
import { answersFor } from "./answers.js";
import { shortTraining } from "./testing/settings.js";

const classes = 3;
const count = 20;
const splits = {
  train: {
    shape: [4],
    count,
    labels: Uint8Array.from({ length: count }, (_, i) => i % classes),
    values: Float32Array.from({ length: count * 4 }, (_, i) => Math.sin(i)),
  },
  test: { shape: [4], count: 1, labels: Uint8Array.of(0), values: new Float32Array(4) },
  classes: ["a", "b", "c"],
  origin: "sines",
};
const plain = prepareDataset(splits, { transforms: [], augment: [] }, catalog);
const changed = prepareDataset(splits, { transforms: [], augment: [{ name: "jitter", arguments: { share: 0.2 } }] }, catalog);

/** Shows epochs in batches of 6; gives all targets by what was shown, and how many samples the teacher was asked about. */
function teach(data: PreparedDataset, pool: number, epochs: number) {
  let asked = 0;
  const opinion = (inputs: Int8Array): Float32Array =>
    Float32Array.from(
      inputs.filter((_, i) => i % 4 < classes),
      (value) => value / 40,
    );
  const teacher = {
    sums: (inputs: Int8Array) => {
      asked += inputs.length / 4;
      return opinion(inputs);
    },
    dispose: () => undefined,
  };
  const answers = answersFor(shortTraining({ teachers: ["wise"], trust: 1, temperature: 1, originals: "replace", pool }), data, [teacher]);
  for (let epoch = 0; epoch < epochs; epoch++) {
    const samples = epochSamples(data, { seed: 1, epoch, originals: "replace", pool });
    const answer = answers(epoch, samples);
    for (let first = 0; first < samples.count; first += 6) {
      const last = Math.min(first + 6, samples.count);
      const inputs = samples.values.slice(first * 4, last * 4);
      const { targets } = answer({ inputs, labels: samples.labels.subarray(first, last) }, first);
      const powers = opinion(inputs).map(Math.exp);
      targets!.forEach((target, i) => {
        const row = i - (i % classes);
        expect(target).toBeCloseTo(powers[i]! / (powers[row]! + powers[row + 1]! + powers[row + 2]!), 5);
      });
    }
  }
  return asked;
}

describe("teachers are asked", () => {
  test("once about samples that nothing changes, in whatever order they come", () => {
    expect(teach(plain, forever, 3)).toBe(count);
  });

  test("once about each copy of a pool", () => {
    expect(teach(changed, 2, 5)).toBe(2 * count);
  });

  test("about every copy where none comes again", () => {
    expect(teach(changed, forever, 3)).toBe(3 * count);
  });
});
