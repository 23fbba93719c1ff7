import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { random } from "../random.js";
import { catalog } from "./index.js";
import { onNumbers, type Trained, updateWeights } from "./training.js";

const rate = (name: string, settings: Record<string, number>, epoch: number, epochs = 10): number =>
  catalog.schedules[name]!.rateAt(settings, epoch, epochs);

describe("schedules", () => {
  const cosine = { from: 0.02, to: 0.004, warm_up: 2, halve_at: 0 };
  test.each([
    [0, 0],
    [0.5, 0.005],
    [2, 0.02],
    [4, 0.004 + 0.016 * (0.5 + Math.SQRT1_2 / 2)],
    [6, 0.012],
    [10, 0.004],
  ])("cosine with warm-up at epoch %d", (epoch, expected) => expect(rate("cosine", cosine, epoch)).toBeCloseTo(expected, 12));

  test.each([
    [1, 0.01],
    [4.99, 0.004 + (0.016 * (1 + Math.cos((Math.PI * 2.99) / 8))) / 2],
    [5, 0.002 + (0.008 * (1 + Math.cos((Math.PI * 3) / 8))) / 2],
    [10, 0.002],
  ])("cosine that is halved at epoch %d", (epoch, expected) =>
    expect(rate("cosine", { ...cosine, halve_at: 5 }, epoch)).toBeCloseTo(expected, 12),
  );

  test("cosine climbs to the end when the warm-up is longer than the training", () => {
    expect(rate("cosine", { ...cosine, from: 1, to: 0, warm_up: 10 }, 9.9)).toBeCloseTo(0.99, 12);
  });

  test.each([
    [0, 0.002],
    [49.99, 0.002],
    [50, 0.001],
    [149, 0.0005],
  ])("step at epoch %d", (epoch, expected) => expect(rate("step", { from: 0.002, every: 50, by: 0.5 }, epoch)).toBeCloseTo(expected, 15));

  test.each([
    [0, 0.01],
    [1, 0.005],
    [2, 0.005],
    [5.999, 0],
    [6, 0.0025],
  ])("restarts at epoch %d", (epoch, expected) =>
    expect(rate("restarts", { from: 0.01, to: 0, every: 2, by: 0.5, longer: 2 }, epoch, 20)).toBeCloseTo(expected, 6),
  );

  test.each([
    [9.99, 0.01],
    [10, 0.005],
    [100, 0.005],
  ])("halve at epoch %d", (epoch, expected) => expect(rate("halve", { from: 0.01, at: 10 }, epoch)).toBe(expected));
});

describe("optimizers", () => {
  const trained = (weights: readonly number[], slots: number) => ({
    weights: Float32Array.from(weights),
    slots: Array.from({ length: slots }, () => new Float32Array(weights.length)),
  });

  const take = (
    name: string,
    settings: Record<string, number>,
    state: Trained,
    gradient: readonly number[],
    rate: number,
    step: number,
  ): void => {
    const optimizer = catalog.optimizers[name]!;
    updateWeights(optimizer, state, Float32Array.from(gradient), optimizer.constants(settings, rate, step));
  };

  test("adam follows the paper's algorithm", () => {
    const settings = { beta1: 0.8, beta2: 0.95, epsilon: 1e-3, decay: 0 };
    const state = trained([1, -2], 2);
    const expected = [1, -2];
    const m = [0, 0];
    const v = [0, 0];
    for (let step = 1; step <= 5; step++) {
      const gradient = [0.3 * step, -1 / step];
      take("adam", settings, state, gradient, 0.01, step);
      gradient.forEach((g, i) => {
        m[i] = 0.8 * m[i]! + 0.2 * g;
        v[i] = 0.95 * v[i]! + 0.05 * g * g;
        expected[i]! -= (0.01 * (m[i]! / (1 - 0.8 ** step))) / (Math.sqrt(v[i]! / (1 - 0.95 ** step)) + 1e-3);
      });
    }
    expected.forEach((weight, i) => expect(state.weights[i]).toBeCloseTo(weight, 6));
  });

  test("adam's first step has the length of the rate, whatever the gradient", () => {
    const state = trained([0, 0], 2);
    take("adam", { beta1: 0.9, beta2: 0.999, epsilon: 1e-12, decay: 0 }, state, [1e-3, -70], 0.01, 1);
    expect([...state.weights]).toEqual([expect.closeTo(-0.01, 7), expect.closeTo(0.01, 7)]);
  });

  test("decay shrinks weights apart from the gradient", () => {
    const state = trained([8], 2);
    take("adam", { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.5 }, state, [0], 0.5, 1);
    expect(state.weights[0]).toBe(6);
  });

  test("sgd's velocity is the geometric series of a constant gradient", () => {
    const state = trained([0], 1);
    for (let step = 1; step <= 20; step++) take("sgd", { momentum: 0.5, decay: 0 }, state, [3], 0.1, step);
    expect(state.slots[0]![0]).toBeCloseTo(3 * (2 - 0.5 ** 19), 5);
    expect(state.weights[0]).toBeCloseTo(-0.3 * (2 * 20 - 2 * (1 - 0.5 ** 20)), 4);
  });
});

describe("clips", () => {
  const octav = (values: Float32Array, format = "4bitsym", per = "tensor", rows = 1): Float32Array =>
    catalog.clips["octav"]!.clipOf({ per, until: 10 }, values, rows, catalog.quantizers[format]!);

  /** Mean squared error of clipping at `clip` and rounding to 2^bits steps, as the paper models it. */
  const errorOf = (values: Float32Array, clip: number, bits: number): number =>
    values.reduce((sum, value) => {
      const magnitude = Math.abs(value);
      return sum + (magnitude > clip ? (magnitude - clip) ** 2 : clip ** 2 * (4 ** -bits / 3));
    }, 0) / values.length;

  test.each([
    ["2bitsym", 2],
    ["4bitsym", 4],
    ["8bit", 8],
  ])("octav for %s costs within 1%% of the best scalar", (format, bits) => {
    const source = random("octav", format);
    const values = Float32Array.from({ length: 20_000 }, () => source.normal());
    const clip = octav(values, format)[0]!;
    const best = errorOf(values, clip, bits);
    // The paper's rule leaves out that moving the scalar moves weights from one side to the other.
    for (let other = 0.1; other < 6; other += 0.1) expect(errorOf(values, other, bits)).toBeGreaterThan(best * 0.99);
  });

  test("octav of equal magnitudes is that magnitude, of zeros just above zero", () => {
    expect(octav(Float32Array.of(0.5, -0.5, 0.5))[0]).toBe(0.5);
    expect(octav(Float32Array.of(3))[0]).toBe(3);
    expect(octav(new Float32Array(9))[0]).toBe(Math.fround(1e-8));
  });

  test("every scalar of every weights is positive and finite", () => {
    const weights = fc.float32Array({ minLength: 1, maxLength: 60, noNaN: true, noDefaultInfinity: true, max: 2 ** 100, min: -(2 ** 100) });
    const names = Object.keys(catalog.clips);
    fc.assert(
      fc.property(weights, fc.constantFrom(...names), fc.constantFrom("tensor", "output"), (values, name, per) => {
        const settings = { per, until: 1, scale: 0.25 };
        const { clipOf, parameters } = catalog.clips[name]!;
        const clip = clipOf(settings, values, values.length, catalog.quantizers["4bitsym"]!);
        expect(clip).toHaveLength(per === "output" && parameters["per"] !== undefined ? values.length : 1);
        for (const scalar of clip) expect(scalar > 0 && Number.isFinite(scalar)).toBe(true);
      }),
    );
  });

  test("per output, each row has the scalar that it has alone", () => {
    const values = Float32Array.from({ length: 60 }, (_, i) => Math.sin(i * i) * (1 + (i % 3)));
    expect([...octav(values, "4bitsym", "output", 3)]).toEqual([0, 20, 40].map((row) => octav(values.slice(row, row + 20))[0]));
  });

  test("learned scalars grow for weights beyond the levels alone, and these lose their gradient", () => {
    const { differentiate } = catalog.clips["learned"]!.learning!;
    const levels = { lowest: -3, highest: 3 };
    expect(differentiate(onNumbers, { scaled: 2.25, level: 3, ...levels })).toEqual({ growth: 0.75, keeps: 1 });
    expect(differentiate(onNumbers, { scaled: -3, level: -3, ...levels })).toEqual({ growth: 0, keeps: 1 });
    expect(differentiate(onNumbers, { scaled: -5, level: -3, ...levels })).toEqual({ growth: -3, keeps: 0 });
  });

  test("proportional scales the mean magnitude of the layer, or the largest of a row", () => {
    const { clipOf } = catalog.clips["proportional"]!;
    const values = Float32Array.of(1, -3, 0, 8);
    expect([...clipOf({ scale: 0.25, per: "tensor", until: 1 }, values, 2, catalog.quantizers["4bitsym"]!)]).toEqual([12]);
    expect([...clipOf({ scale: 0.5, per: "output", until: 1 }, values, 2, catalog.quantizers["4bitsym"]!)]).toEqual([6, 16]);
  });
});
