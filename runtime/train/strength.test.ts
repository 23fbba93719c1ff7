import { expect, test } from "vitest";
import { networkFrom } from "#compiler/cases/network.js";
import { catalog } from "#compiler/catalog/index.js";
import type { Samples } from "#compiler/catalog/samples.js";
import { prepareDataset } from "#compiler/data/dataset.js";
import { type Random, random } from "#compiler/random.js";
import { accuracyOf } from "../evaluate/evaluate.js";
import { temporaryRuns } from "./testing/runs.js";
import { shortTraining } from "./testing/settings.js";

const { train } = temporaryRuns();

/** Samples of some shape, each with its class. */
type Draw = (source: Random) => { readonly values: readonly number[]; readonly label: number };

/** A thermometer: below 15 degrees it is cold, above 25 hot. */
const temperature: Draw = (source) => {
  const degrees = source.between(0, 40);
  return { values: [(degrees - 20) / 11], label: degrees < 15 ? 0 : degrees < 25 ? 1 : 2 };
};

/** A vibration of one form, of three times the amplitude where something is loose. */
const vibration: Draw = (source) => {
  const label = source.below(2);
  const phase = source.between(0, 2 * Math.PI);
  const amplitude = (label === 0 ? 1 : 3) * source.between(0.8, 1.2);
  return { values: Array.from({ length: 32 }, (_, i) => amplitude * (Math.sin(i / 2 + phase) + 0.2 * source.normal())), label };
};

function samplesOf(draw: Draw, name: string, count: number): Samples {
  const source = random(name);
  const drawn = Array.from({ length: count }, () => draw(source));
  const values = Float32Array.from(drawn.flatMap((sample) => [...sample.values]));
  return { shape: [values.length / count], count, values, labels: Uint8Array.from(drawn, ({ label }) => label) };
}

test.each([
  ["one reading", temperature, "input i8[1] -> dense(16) -> relu -> dense(3)", 3],
  ["an amplitude", vibration, "input i8[32] -> dense(16) -> relu -> dense(2)", 2],
])("fixed ranges and biases learn what lies in the strength of %s", async (name, draw, layers, classes) => {
  const splits = {
    train: samplesOf(draw, `${name} to train on`, 400),
    test: samplesOf(draw, `${name} to test with`, 200),
    classes: Array.from({ length: classes }, (_, i) => `class ${i}`),
    origin: name,
  };
  const result = await train("run", {
    network: networkFrom(`range: fixed weights: 8bit ${layers}`),
    data: prepareDataset(splits, { transforms: [], augment: [] }, catalog),
    settings: shortTraining({ epochs: 60, batch: 16 }),
  });
  if (result.outcome !== "finished") throw new Error("interrupted");
  expect(accuracyOf(result.evaluation)).toBeGreaterThanOrEqual(0.97);
});
