import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { meanMagnitude } from "#compiler/catalog/codebook/codebook.js";
import { networkHash } from "#compiler/ir/hash.js";
import type { Network } from "#compiler/ir/network.js";
import type { Weights } from "#compiler/ir/weights.js";
import { perceptron } from "../train/testing/perceptron.js";
import { readSafetensors, type Tensor, writeSafetensors } from "./safetensors.js";
import { loadWeights, saveWeights } from "./weights.js";

let folder = "";
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "bnmc-weights-"))));
afterEach(() => rmSync(folder, { recursive: true }));
const path = (): string => join(folder, "w.safetensors");

const network = perceptron([3, 2, 2]);
const weights: Weights = new Map([
  ["dense1", { shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6), clip: Float32Array.of(0.5) }],
  ["dense2", { shape: [2, 2], values: Float32Array.of(1, -1, 2, -2), clip: Float32Array.of(0.5, 2) }],
]);
const provenance = {
  epochs: 5,
  seed: 1,
  dataset: "MNIST",
  preparation: ["scale", "(value - 1) / 2"],
  floatAccuracy: 0.97,
  integerAccuracy: 0.975,
};

describe("weights", () => {
  test("come back with their provenance", () => {
    saveWeights(network, { weights, provenance }, path());
    expect(loadWeights(network, path())).toEqual({ weights, provenance });
  });

  test("are the same bytes each time", () => {
    saveWeights(network, { weights, provenance }, path());
    const first = readFileSync(path());
    saveWeights(network, { weights, provenance }, path());
    expect(readFileSync(path())).toEqual(first);
  });

  test("carry what they belong to", () => {
    saveWeights(network, { weights, provenance }, path());
    expect(readSafetensors(readFileSync(path()), "w").metadata).toMatchObject({
      network: networkHash(network),
      formats: '{"dense1":"4bitsym","dense2":"4bitsym"}',
      epochs: "5",
      integer_accuracy: "0.975",
    });
  });

  test("of another network are refused with the layer that differs", () => {
    saveWeights(network, { weights, provenance }, path());
    const renormed: Network = {
      ...network,
      layers: network.layers.map((layer) =>
        layer.id === "dense2" ? { ...layer, attributes: { ...layer.attributes, norm: "none" } } : layer,
      ),
    };
    expect(() => loadWeights(renormed, path())).toThrow(
      /belongs to another network than perceptron: it has `dense2: dense.*norm: "rms".* where the model has `dense2: dense.*norm: "none"/,
    );
  });

  test("fit the network under another name and with other documentation", () => {
    saveWeights(network, { weights, provenance }, path());
    expect(loadWeights({ ...network, name: "other", doc: "Words." }, path()).weights).toEqual(weights);
  });
});

describe("weights made elsewhere", () => {
  const tensors = (changes: Record<string, Tensor | undefined> = {}): void => {
    const given: Record<string, Tensor | undefined> = {
      "dense1.weight": { shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) },
      "dense1.clip": { shape: [1], values: Float32Array.of(0.5) },
      "dense2.weight": { shape: [2, 2], values: Float32Array.of(1, -1, 2, -2) },
      "dense2.clip": { shape: [2], values: Float32Array.of(0.5, 2) },
      ...changes,
    };
    const kept = Object.entries(given).filter((entry): entry is [string, Tensor] => entry[1] !== undefined);
    writeFileSync(path(), writeSafetensors({ tensors: new Map(kept), metadata: { format: "pt" } }));
  };

  test("are valid without a hash when they fit", () => {
    tensors();
    expect(loadWeights(network, path())).toEqual({ weights, provenance: {} });
  });

  test("need no clip where the format takes the mean magnitude", () => {
    tensors({ "dense1.clip": undefined, "dense2.clip": undefined });
    const { weights: loaded } = loadWeights(perceptron([3, 2, 2], { weights: "ternary" }), path());
    for (const { values, clip } of loaded.values()) expect(clip).toEqual(Float32Array.of(meanMagnitude(values)));
  });

  test.each<[string, Record<string, Tensor | undefined>, RegExp]>([
    ["a missing layer", { "dense2.weight": undefined }, /no weights for dense2/],
    [
      "another shape",
      { "dense1.weight": { shape: [3, 2], values: new Float32Array(6) } },
      /the weights of dense1 are \[3, 2\], but the model needs \[2, 3\]/,
    ],
    [
      "a layer too many",
      { "dense3.weight": { shape: [], values: new Float32Array(1) } },
      /weights for dense3, a layer that perceptron does not have/,
    ],
    ["no clip", { "dense2.clip": undefined }, /there is no dense2\.clip/],
    ["too many clips", { "dense2.clip": { shape: [3], values: Float32Array.of(1, 1, 1) } }, /dense2\.clip has 3 values/],
    ["a clip of zero", { "dense1.clip": { shape: [], values: Float32Array.of(0) } }, /dense1\.clip holds 0/],
    [
      "a weight that is no number",
      { "dense2.weight": { shape: [2, 2], values: Float32Array.of(1, NaN, 2, 3) } },
      /dense2\.weight holds NaN/,
    ],
  ])("are refused with %s", (_, changes, message) => {
    tensors(changes);
    expect(() => loadWeights(network, path())).toThrow(message);
  });

  test("are refused when there is no file", () => {
    expect(() => loadWeights(network, join(folder, "none.safetensors"))).toThrow(/no such file/);
  });
});
