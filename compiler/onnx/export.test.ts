import { describe, expect, test } from "vitest";
import { perceptron, provenance, seededInputs, seededWeights } from "#compiler/cases/emit/perceptron.js";
import { networkFrom } from "#compiler/cases/network.js";
import { catalog } from "../catalog/index.js";
import type { Network } from "../ir/network.js";
import type { Weights } from "../ir/weights.js";
import { quantizeWeights } from "../catalog/integers.js";
import { classOf, interpreter } from "../reference/run.js";
import { exportOnnx } from "./export.js";
import { runInSession } from "./testing/session.js";

async function run(file: Uint8Array, network: Network, inputs: Int8Array, count: number) {
  const [sums, answer] = await runInSession(file, inputs, count);
  const [name, { data, dims }] = sums!;
  expect(name).toBe(network.result);
  return { sums: data as Int32Array, shape: dims, classes: answer![1].data as BigInt64Array };
}

async function compare(network: Network, weights: Weights, count = 40): Promise<void> {
  const inputs = seededInputs(network, count);
  const { sums, shape, classes } = await run(exportOnnx(network, weights, provenance), network, inputs, count);
  const infer = interpreter(network, quantizeWeights(network, weights));
  const size = inputs.length / count;
  const expected = Array.from({ length: count }, (_, i) => infer(inputs.subarray(i * size, (i + 1) * size)));
  expect(shape).toEqual([count, expected[0]!.length]);
  expect([...sums]).toEqual(expected.flatMap((row) => [...row]));
  expect([...classes].map(Number)).toEqual(expected.map(classOf));
}

describe("onnxruntime gives exactly the reference's sums", () => {
  test.each(Object.keys(catalog.quantizers))("with %s weights", async (format) => {
    const network = perceptron({
      name: "net",
      input: [5, 5],
      layers: [
        [17, format],
        [9, format],
        [4, format],
      ],
    });
    await compare(network, seededWeights(network));
  });

  test("of a wide net with large sums", async () => {
    const network = perceptron({
      name: "wide",
      input: [700],
      layers: [
        [33, "fp130"],
        [64, "8bit"],
        [10, "4bitsym"],
      ],
    });
    await compare(network, seededWeights(network));
  });

  test.each(Object.keys(catalog.quantizers))("of convolutions with %s weights", async (format) => {
    const network = networkFrom(
      `weights: ${format} input i8[9, 8, 2] -> conv(4, norm: none) -> relu -> dwconv(padding: same, norm: none) -> relu -> maxpool(2)
      -> flatten -> dense(3)`,
    );
    await compare(network, seededWeights(network), 12);
  });

  test.each([
    [
      "groups, strides and edges",
      "input i8[11, 9, 4] -> conv(6, kernel: 5, stride: 2, padding: same, groups: 2, norm: none) -> relu -> conv(3, kernel: 1, norm: none)",
    ],
    ["a skip connection", "input i8[8, 8, 1] -> conv(3, norm: none) as a -> relu -> dwconv(padding: same, norm: none) -> add(a)"],
    ["sequences", "input i8[30, 3] -> conv1d(6, kernel: 4, stride: 2, groups: 3, norm: none) -> maxpool(3)"],
    ["means of sums below zero", "input i8[9, 9, 1] -> conv(4, norm: none) -> avgpool(2)"],
    ["means of bytes", "input i8[9, 9, 2] -> avgpool(4) -> conv(4, kernel: 2)"],
    [
      "sums of windows and of whole maps",
      "range: sample input i8[9, 10, 2] -> sumpool(3, activations: 5bit) -> relu -> conv(4, kernel: 2) -> sumpool",
    ],
    ["means of whole maps", "input i8[4, 4, 2] -> conv(4, padding: same) -> avgpool"],
    [
      "signed activations",
      "range: fixed bias: yes input i8[9, 8, 2] -> conv(4) -> leaky_relu(3) -> dwconv(activations: 4bit) -> requantize -> conv(5, kernel: 1)",
    ],
    [
      "few set bits",
      "range: fixed bias: yes activations: 2of5bit input u4[9, 8, 2] -> conv(4) -> relu -> maxpool(2) -> conv(5, activations: 1of3bit)",
    ],
    ["the largest of what fills no window", "input i8[10, 7, 2] -> conv(2) -> maxpool(3)"],
  ])("of %s", async (_, layers) => {
    const network = networkFrom(`weights: 4bit ${layers} -> relu -> flatten -> dense(4)`);
    await compare(network, seededWeights(network));
  });
});

test("the file says where it comes from, the same every time", () => {
  const network = perceptron({ name: "net", input: [4], layers: [[3, "4bitsym"]], doc: "A small net." });
  const file = exportOnnx(network, seededWeights(network), { ...provenance, classes: ["one", "two", "three"] });
  expect(file).toEqual(exportOnnx(network, seededWeights(network), { ...provenance, classes: ["one", "two", "three"] }));
  const text = new TextDecoder("latin1").decode(file);
  for (const part of ["bnmc", "A small net.", "models/test.bnm", '["one","two","three"]', "dense, i32[3], 3 x 4 weights as 4bitsym"])
    expect(text).toContain(part);
});
