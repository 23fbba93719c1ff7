import { expect, test } from "vitest";
import type { Samples } from "#compiler/catalog/samples.js";
import { remarksOnFeatures } from "./features.js";

/** Twelve samples, of which each function gives a feature. */
const samples = (...features: readonly ((i: number) => number)[]): Samples => ({
  shape: [features.length],
  count: 12,
  values: Float32Array.from({ length: 12 * features.length }, (_, at) => features[at % features.length]!(Math.floor(at / features.length))),
  labels: new Uint8Array(12),
});

const percent = (i: number): number => 0.3 + 0.01 * (i % 3);
const pascals = (i: number): number => 101_300 + 100 * (i % 4);

test("features of different units are to have scales of their own", () => {
  const weather = samples(percent, pascals);
  expect(remarksOnFeatures(weather, ["humidity", "pressure"], false)).toEqual([
    '"pressure" varies 14,000 times as much as "humidity", and both have one scale, so that "humidity" gets few steps or none: ' +
      "`standardize(per: feature)` or `scale(per: feature)` gives each its own",
  ]);
  expect(remarksOnFeatures(weather, ["humidity", "pressure"], true)).toEqual([]);
  expect(
    remarksOnFeatures(
      samples(percent, (i) => 9 * percent(i)),
      undefined,
      false,
    ),
  ).toEqual([]);
});

test("constant features say nothing, whatever is large", () => {
  const time = (): number => 1_700_000_000_000;
  expect(remarksOnFeatures(samples(percent, time), ["humidity", "time"], false)).toEqual([
    '"time" is the same in all samples to train on (as float32): it says nothing, and `skip: ["time"]` leaves it out',
  ]);
  expect(remarksOnFeatures(samples(time, percent, time), undefined, true)).toEqual([
    "the feature at index 0, the feature at index 2 are the same in all samples to train on (as float32): they say nothing",
  ]);
});

test("pixels are no readings", () => {
  const pixels = Array.from(
    { length: 40 },
    (_, i) =>
      (sample: number): number =>
        i < 3 ? 0 : i * (sample % 2),
  );
  expect(remarksOnFeatures(samples(...pixels), undefined, false)).toEqual([]);
  const image = { ...samples(percent, pascals), shape: [2, 2], count: 6 };
  expect(remarksOnFeatures(image, undefined, false)).toEqual([]);
});
