import { expect, test } from "vitest";
import { definitionOf, networkHash } from "./hash.js";
import type { Layer, Network } from "./network.js";

const span = { source: { path: "a.bnm", text: "" }, start: 0, end: 1 };
const input: Layer = { id: "input", op: "input", attributes: {}, inputs: [], type: { element: "i8", shape: [4] }, origin: [] };
const dense: Layer = {
  id: "dense1",
  op: "dense",
  attributes: { units: 2, weights: "4bitsym", window: { height: 3, width: [1, 2] } },
  inputs: ["input"],
  type: { element: "i32", shape: [2] },
  weights: { shape: [2, 4], quantizer: "4bitsym" },
  origin: [span],
};
const network: Network = { name: "n", doc: "", layers: [input, dense], result: "dense1" };
const withDense = (changes: Partial<Layer>): Network => ({ ...network, layers: [input, { ...dense, ...changes }] });

test("the definition reads as a list of layers", () => {
  expect(definitionOf(network)).toEqual([
    "input: input() -> i8[4]",
    'dense1: dense(units: 2, weights: "4bitsym", window: {"height": 3, "width": [1, 2]}) of input -> i32[2], 4bitsym[2, 4]',
    "result: dense1",
  ]);
});

test("the hash is that of the definition, and stays the same from version to version", () => {
  expect(networkHash(network)).toMatchInlineSnapshot(`"d7b2c743f99ab1ca3a27efff0a7e1acaa3c05ab6b7b380ee976e16d0358ab635"`);
});

test.each<[string, Network]>([
  ["the name", { ...network, name: "other" }],
  ["the documentation", { ...network, doc: "Words." }],
  ["the place in the source", withDense({ origin: [] })],
  ["the order of attributes", withDense({ attributes: { window: { width: [1, 2], height: 3 }, weights: "4bitsym", units: 2 } })],
])("%s does not change it", (_, changed) => expect(networkHash(changed)).toBe(networkHash(network)));

test.each<[string, Network]>([
  ["an attribute", withDense({ attributes: { ...dense.attributes, norm: "rms" } })],
  ["a nested attribute", withDense({ attributes: { ...dense.attributes, window: { height: 3, width: [2, 1] } } })],
  ["the format", withDense({ weights: { shape: [2, 4], quantizer: "nf4" } })],
  ["the shape", withDense({ type: { element: "i32", shape: [3] } })],
  ["the name of a layer", { ...withDense({ id: "answer" }), result: "answer" }],
])("%s changes it", (_, changed) => expect(networkHash(changed)).not.toBe(networkHash(network)));
