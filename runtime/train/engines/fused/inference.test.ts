import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededWeights } from "#compiler/cases/emit/perceptron.js";
import { networkFrom } from "#compiler/cases/network.js";
import { catalog } from "#compiler/catalog/index.js";
import type { LayerWeights, Weights } from "#compiler/ir/weights.js";
import { weightedLayers } from "#compiler/ir/network.js";
import { sizeOf } from "#compiler/ir/types.js";
import { random } from "#compiler/random.js";
import { integerLogits } from "../../../evaluate/evaluate.js";
import { imageNetwork } from "../../testing/image-network.js";
import { perceptron } from "../../testing/perceptron.js";
import { compileModel } from "./inference.js";

/** Layers of 1 to 40 units; some weights are wild, so that some sums are zero and some are large. */
const networks = fc.record({
  widths: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 2, maxLength: 4 }),
  format: fc.constantFrom(...Object.keys(catalog.quantizers)),
  seed: fc.nat(),
});

function weightsFor(network: ReturnType<typeof perceptron>, seed: number): Weights {
  const source = random("weights", seed);
  const levels = weightedLayers(network).map(({ id, weights: { shape } }): [string, LayerWeights] => {
    const values = Float32Array.from({ length: sizeOf(shape) }, () => source.normal() * (source.below(8) === 0 ? 9 : 1));
    return [id, { shape, values, clip: Float32Array.of(0.5 + source.uniform()) }];
  });
  return new Map([...seededWeights(network, seed), ...levels]);
}

describe("the compiled integer model", () => {
  test("gives exactly the sums of the interpreter", () => {
    fc.assert(
      fc.property(networks, ({ widths, format, seed }) => {
        const network = perceptron(widths, { weights: format });
        const weights = weightsFor(network, seed);
        const source = random("samples", seed);
        const count = 1 + source.below(12);
        // Whole range, and nearly nothing.
        const values = Int8Array.from({ length: count * widths[0]! }, (_, i) =>
          i < widths[0]! ? source.below(3) - 1 : source.below(256) - 128,
        );
        const expected = integerLogits(network, weights, { count, size: widths[0]!, values });
        expect(compileModel(network)!(weights, values)).toEqual(expected.values);
      }),
      { numRuns: 60 },
    );
  });

  test("gives exactly the sums of the interpreter for random images", () => {
    let compiled = 0;
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const network = imageNetwork(seed);
        const weights = weightsFor(network, seed);
        const source = random("samples", seed);
        const size = sizeOf(network.layers[0]!.type.shape);
        const values = Int8Array.from({ length: 5 * size }, () => source.below(256) - 128);
        const model = compileModel(network);
        if (model === undefined) return;
        compiled++;
        expect(model(weights, values)).toEqual(integerLogits(network, weights, { count: 5, size, values }).values);
      }),
      { numRuns: 40 },
    );
    expect(compiled).toBeGreaterThan(10);
  });

  test.each([
    [
      "a depthwise net",
      "input i8[12, 14, 1] -> conv(6) -> relu -> repeat 2 { dwconv -> relu } -> maxpool(2) -> flatten -> dense(5, norm: rms) -> relu -> dense(3, norm: rms)",
    ],
    [
      "sums beyond what float32 holds",
      "input i8[10, 10, 1] -> conv(4, kernel: 5) -> relu -> dwconv(kernel: 2) -> relu -> dwconv -> maxpool(2) -> relu -> flatten -> dense(3, norm: rms)",
    ],
    [
      "norms, groups and strides",
      "input i8[9, 8, 2] -> conv(6, groups: 2, padding: same, norm: rms) -> relu -> conv(9, groups: 3, stride: 2, norm: rms) -> relu -> flatten -> dense(3, norm: rms)",
    ],
    [
      "means of the input, read as they are",
      "input i8[6, 5] -> avgpool(2) -> conv1d(4, stride: 2) -> relu -> flatten -> dense(3, norm: rms)",
    ],
    [
      "means of a map's largest",
      "input i8[6, 9, 1] -> maxpool(3) -> avgpool(2) -> conv(6, kernel: 1) -> relu -> flatten -> dense(2, norm: rms)",
    ],
    [
      "means and a skip connection",
      "input i8[8, 8, 3] -> conv(6, padding: same) as first -> relu -> avgpool(2) -> conv(6) -> relu -> flatten -> dense(3, norm: rms)",
    ],
    [
      "signed activations of a fixed range",
      "range: fixed bias: yes input i8[9, 8, 2] -> conv(6) -> leaky_relu(2) -> dwconv(activations: 4bit) -> requantize -> conv(3, kernel: 1, activations: 5bit) -> relu -> maxpool(2) -> flatten -> dense(3)",
    ],
    [
      "few set bits",
      "range: fixed bias: yes activations: 2of5bit input i8[9, 8, 2] -> conv(6) -> relu -> maxpool(2) -> conv(5, kernel: 2, activations: 1of3bit) -> relu -> flatten -> dense(9, activations: 2of7bit) -> relu -> dense(3)",
    ],
    [
      "sums of windows",
      "range: sample input i8[9, 9, 1] -> conv(4, weights: 4bit) -> relu -> sumpool(3, activations: 5bit) -> relu -> conv(6, kernel: 2, norm: rms) -> relu -> sumpool -> relu -> flatten -> dense(3, norm: rms)",
    ],
    ["a vector that is a whole map's largest", "range: fixed input i8[6, 5, 1] -> conv(4) -> relu -> maxpool -> flatten -> dense(3)"],
  ])("gives exactly the sums of the interpreter for %s", (name, body) => {
    const network = networkFrom(`weights: 8bit norm: none ${body}`);
    const weights = weightsFor(network, 1);
    const source = random("samples", name);
    const size = sizeOf(network.layers[0]!.type.shape);
    const values = Int8Array.from({ length: 9 * size }, () => source.below(256) - 128);
    expect(compileModel(network)!(weights, values)).toEqual(integerLogits(network, weights, { count: 9, size, values }).values);
  });

  test("rounds negative sums beyond what float32 holds as shifts do", () => {
    const network = networkFrom(
      "weights: 8bit range: fixed bias: no input i8[8, 8, 32] -> conv(1, kernel: 8) -> requantize -> flatten -> dense(2)",
    );
    const taps = 8 * 8 * 32;
    // One below what is rounded up to -66 * 2^18: as float32 the sum would be it.
    const factors = [...Array.from({ length: 1080 }, () => [127, -127]), [127, -104], [49, -1]] as const;
    expect(factors.reduce((sum, [x, w]) => sum + x! * w!, 0)).toBe(-66 * 2 ** 18 - 2 ** 17 - 1);
    const filled = (of: (factor: readonly number[]) => number): number[] =>
      Array.from({ length: taps }, (_, i) => of(factors[i] ?? [0, 0]));
    const weights: Weights = new Map<string, LayerWeights>([
      ["conv1", { shape: [1, 32, 8, 8], values: Float32Array.from(filled(([, w]) => w! / 128)), clip: Float32Array.of(1) }],
      ["requantize1", { shape: [], values: Float32Array.of(18), clip: new Float32Array(0) }],
      ["dense1", { shape: [2, 1], values: Float32Array.of(1 / 128, -1 / 128), clip: Float32Array.of(1) }],
    ]);
    const values = Int8Array.from(filled(([x]) => x!));
    expect([...integerLogits(network, weights, { count: 1, size: taps, values }).values]).toEqual([-67, 67]);
    expect([...compileModel(network)!(weights, values)]).toEqual([-67, 67]);
  });

  test("works through more samples than it holds at a time", () => {
    const network = perceptron([5, 4, 3]);
    const weights = weightsFor(network, 1);
    const source = random("many");
    const values = Int8Array.from({ length: 5 * 700 }, () => source.below(255) - 127);
    expect(compileModel(network)!(weights, values)).toEqual(integerLogits(network, weights, { count: 700, size: 5, values }).values);
  });

  test("is not made of networks whose sums float32 may not hold, nor of those that end in int8", () => {
    expect(compileModel(perceptron([1024, 2], { weights: "8bit" }))).toBeUndefined();
    const { layers, ...rest } = perceptron([4, 3, 2]);
    expect(compileModel({ ...rest, layers: layers.slice(0, -1), result: "relu1" })).toBeUndefined();
  });
});
