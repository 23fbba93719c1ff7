import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { catalog } from "#compiler/catalog/index.js";
import type { Weights } from "#compiler/ir/weights.js";
import { weightedLayers } from "#compiler/ir/network.js";
import { sizeOf } from "#compiler/ir/types.js";
import { random } from "#compiler/random.js";
import { integerLogits } from "../../../evaluate/evaluate.js";
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
  return new Map(
    weightedLayers(network).map(({ id, weights: { shape } }) => {
      const values = Float32Array.from({ length: sizeOf(shape) }, () => source.normal() * (source.below(8) === 0 ? 9 : 1));
      return [id, { shape, values, clip: Float32Array.of(0.5 + source.uniform()) }];
    }),
  );
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
        const values = Int8Array.from({ length: count * widths[0]! }, (_, i) => (i < widths[0]! ? source.below(3) - 1 : source.below(256) - 128));
        const expected = integerLogits(network, weights, { count, size: widths[0]!, values });
        expect(compileModel(network)!(weights, values)).toEqual(expected.values);
      }),
      { numRuns: 60 },
    );
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
