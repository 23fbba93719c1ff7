import { expect, test } from "vitest";
import { networkFrom } from "#compiler/cases/network.js";
import { quantizeWeights } from "#compiler/catalog/integers.js";
import { biasLayers, type LayerId, weightedLayers } from "#compiler/ir/network.js";
import type { LayerWeights } from "#compiler/ir/weights.js";
import { random } from "#compiler/random.js";
import { classOf, interpreter } from "#compiler/reference/run.js";
import { type FloatWeights, withRanges } from "./calibrate.js";

const network = networkFrom("range: fixed bias: yes weights: 8bit input i8[6] -> dense(12) -> relu -> dense(9) -> relu -> dense(4)");
/** What the largest input stands for. */
const magnitude = 2.5;
const samples = 400;

/** A float network, and samples as it sees them. */
function floatNetwork(): FloatWeights & { readonly inputs: Float32Array } {
  const draw = random("a float network");
  const drawn = (count: number, bound: number): Float32Array => Float32Array.from({ length: count }, () => draw.between(-bound, bound));
  const weights = weightedLayers(network).map(({ id, weights: { shape } }): [LayerId, LayerWeights] => {
    const values = drawn(shape[0]! * shape[1]!, 1);
    return [id, { shape, values, clip: Float32Array.of(values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)) }];
  });
  // Larger from layer to layer, as the sums are.
  const biases = biasLayers(network).map(({ id, constants }, i): [LayerId, Float32Array] => [id, drawn(constants[0]!, 2 ** i)]);
  return { weights: new Map(weights), biases: new Map(biases), inputs: drawn(samples * 6, magnitude) };
}

function floatClass({ weights, biases }: FloatWeights, input: Float32Array): number {
  let values = [...input];
  weightedLayers(network).forEach(({ id, weights: { shape } }, layer, all) => {
    const held = weights.get(id)!.values;
    const sums = Array.from({ length: shape[0]! }, (_, row) =>
      values.reduce((sum, value, i) => sum + value * held[row * shape[1]! + i]!, biases.get(`${id}.bias`)![row]!),
    );
    values = layer === all.length - 1 ? sums : sums.map((sum) => Math.max(0, sum));
  });
  return values.indexOf(Math.max(...values));
}

test("a float network with biases keeps its classes in integers", () => {
  const { inputs, ...given } = floatNetwork();
  const values = Int8Array.from(inputs, (value) => Math.round((value * 127) / magnitude));
  const labels = new Uint8Array(samples);
  const data = {
    steps: [{ name: "scale", arguments: { per: "set", clip: 0 }, constants: { magnitude: [magnitude] } }],
    train: { count: samples, size: 6, values, labels },
  };
  const infer = interpreter(network, quantizeWeights(network, withRanges(network, given, data, "net.pth")));
  const classes = Array.from({ length: samples }, (_, i) => floatClass(given, inputs.subarray(6 * i, 6 * i + 6)));
  const same = classes.filter((expected, i) => classOf(infer(values.subarray(6 * i, 6 * i + 6))) === expected).length;
  expect(new Set(classes).size).toBeGreaterThan(2);
  expect(same / samples).toBeGreaterThan(0.97);
});

test("biases need samples of one scale", () => {
  const { inputs: _, ...given } = floatNetwork();
  const train = { count: 1, size: 6, values: new Int8Array(6), labels: new Uint8Array(1) };
  const steps = [{ name: "scale", arguments: { per: "sample", clip: 0 } }];
  expect(() => withRanges(network, given, { steps, train }, "net.pth")).toThrow(/net\.pth has biases, but samples have no one scale/);
});
