import { describe, expect, it } from "vitest";
import { random } from "../../random.js";
import { DataError } from "../data-error.js";
import type { Augment, Samples } from "../samples.js";
import gain from "./gain.js";
import jitter from "./jitter.js";
import warp from "./warp.js";

/** Fifty moments of two features: one counts them, the other ten times as fast. */
const frames = 50;
const series: Samples = {
  shape: [frames, 2],
  count: 1,
  values: Float32Array.from({ length: 2 * frames }, (_, i) => (i >> 1) * (i % 2 === 0 ? 1 : 10)),
  labels: new Uint8Array(1),
};

/** What 200 draws make of the series. */
function draws(augment: Augment): readonly Float32Array[] {
  const source = random("series");
  return Array.from({ length: 200 }, () => {
    const to = new Float32Array(series.values.length).fill(NaN);
    augment(series.values, to, source);
    return to;
  });
}

const bounds = (values: readonly number[]): readonly [number, number] => [Math.min(...values), Math.max(...values)];

describe("augmentations of series", () => {
  const idle: readonly (readonly [string, Augment])[] = [
    ["gain", gain.prepare(series, { share: 0 })],
    ["warp", warp.prepare(series, { shift: 0, stretch: 0 })],
    ["jitter", jitter.prepare(series, { share: 0 })],
  ];
  it.each(idle)("%s changes nothing when told so", (_, augment) => {
    for (const drawn of draws(augment)) drawn.forEach((value, i) => expect(value).toBeCloseTo(series.values[i]!, 4));
  });

  it.each([gain, warp].map((each) => [each.name, each] as const))("%s needs series of fractions", (_, { prepare }) => {
    const settings = { share: 0.1, shift: 0.1, stretch: 0.1 };
    expect(() => prepare({ ...series, shape: [100] }, settings)).toThrow(DataError);
    expect(() => prepare({ ...series, values: new Uint8Array(100) }, settings)).toThrow(DataError);
  });

  it("jitter adds noise in proportion to each feature's own deviation", () => {
    const noise = (feature: number): number => {
      const all = draws(jitter.prepare(series, { share: 0.1 })).flatMap((drawn) =>
        [...drawn].filter((_, i) => i % 2 === feature).map((value, i) => value - series.values[2 * i + feature]!),
      );
      return Math.sqrt(all.reduce((sum, each) => sum + each * each, 0) / all.length);
    };
    const deviation = Math.sqrt((frames ** 2 - 1) / 12);
    expect(noise(0) / deviation).toBeCloseTo(0.1, 2);
    expect(noise(1) / deviation).toBeCloseTo(1, 1);
  });

  it("gain draws a factor for each feature", () => {
    const factors = draws(gain.prepare(series, { share: 0.2 })).map((drawn) => [drawn[20]! / 10, drawn[21]! / 100] as const);
    for (const feature of [0, 1] as const) {
      const [least, most] = bounds(factors.map((each) => each[feature]));
      expect([least > 0.8, least < 0.85, most > 1.15, most < 1.2]).toEqual([true, true, true, true]);
    }
    expect(factors.some(([a, b]) => Math.abs(a - b) > 0.1)).toBe(true);
  });

  it("warp moves up to the share of the length, both ways, and keeps features together", () => {
    const moved = draws(warp.prepare(series, { shift: 0.1, stretch: 0 }));
    const [least, most] = bounds(moved.map((drawn) => drawn[50]! - 25));
    expect([least > -5, least < -4, most > 4, most < 5]).toEqual([true, true, true, true]);
    for (const drawn of moved) expect(drawn[51]).toBeCloseTo(10 * drawn[50]!, 3);
    expect(moved.every((drawn) => drawn[0]! >= 0 && drawn.at(-2)! <= frames - 1)).toBe(true);
  });

  it("warp stretches about the middle", () => {
    const speeds = draws(warp.prepare(series, { shift: 0, stretch: 0.3 })).map((drawn) => (drawn[60]! - drawn[40]!) / 10);
    const [least, most] = bounds(speeds);
    expect([least > 0.7, least < 0.75, most > 1.25, most < 1.3]).toEqual([true, true, true, true]);
  });
});
