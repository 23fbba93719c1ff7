import { describe, expect, test } from "vitest";
import { seededInputs, seededWeights } from "../cases/emit/perceptron.js";
import { networkFrom } from "../cases/network.js";
import { catalog } from "../catalog/index.js";
import { quantizeWeights } from "../catalog/integers.js";
import { interpreter } from "../reference/run.js";
import { valueBounds } from "./value-bounds.js";

const nets = [
  "conv(4, norm: none) as a -> relu -> dwconv(padding: same, norm: none) -> add(a) -> relu -> maxpool(2) -> flatten -> dense(5)",
  "conv(6, kernel: 2, stride: 2, groups: 2, norm: none) -> avgpool(2) -> relu -> conv(3, kernel: 1) -> relu -> flatten -> dense(3)",
  "sumpool(2) -> relu -> conv(3, range: fixed) -> requantize -> sumpool(range: fixed) -> leaky_relu(2) -> flatten -> dense(3, range: fixed)",
  "maxpool(2) -> conv(3, padding: same) -> relu -> conv(2, norm: none) -> flatten",
];

describe.each(Object.keys(catalog.quantizers))("with %s weights", (format) => {
  test.each(nets)("every value lies between its bounds: %s", (layers) => {
    const network = networkFrom(`weights: ${format} input i8[9, 8, 2] -> ${layers}`);
    const levels = quantizeWeights(network, seededWeights(network));
    const [fromLevels, fromFormats] = [valueBounds(network, levels), valueBounds(network)];
    const count = 20;
    const inputs = seededInputs(network, count);
    const size = inputs.length / count;
    for (const { id } of network.layers.slice(1)) {
      const infer = interpreter({ ...network, result: id }, levels);
      const values = Array.from({ length: count }, (_, i) => infer(inputs.subarray(i * size, (i + 1) * size)));
      for (const { low, high } of [fromLevels, fromFormats].map((bounds) => bounds.get(id)!)) {
        const channels = low.length;
        for (const sample of values) {
          sample.forEach((value, at) => {
            const channel = Math.floor((at * channels) / sample.length);
            if (value < low[channel]! || value > high[channel]!)
              throw new Error(`${id}: ${value} is not in ${low[channel]}..${high[channel]}`);
          });
        }
      }
    }
  });
});

test("the bounds of a first layer are reached", () => {
  const network = networkFrom("weights: 8bit input i8[3, 3, 1] -> conv(2, norm: none) -> flatten");
  const levels = quantizeWeights(network, seededWeights(network));
  const { low, high } = valueBounds(network, levels).get("conv1")!;
  const infer = interpreter(network, levels);
  const kernel = levels.get("conv1")!;
  for (const channel of [0, 1]) {
    const row = kernel.subarray(channel * 9, (channel + 1) * 9);
    expect(infer(Int8Array.from(row, (level) => (level > 0 ? 127 : -128)))[channel]).toBe(high[channel]);
    expect(infer(Int8Array.from(row, (level) => (level > 0 ? -128 : 127)))[channel]).toBe(low[channel]);
  }
});

test("known weights never widen what their format allows", () => {
  const network = networkFrom(
    "weights: csd2 norm: none input i8[8, 8, 1] -> conv(5) -> relu -> dwconv -> relu -> conv(3, kernel: 1) -> flatten",
  );
  const [known, allowed] = [valueBounds(network, quantizeWeights(network, seededWeights(network))), valueBounds(network)];
  for (const { id } of network.layers) {
    expect(Math.min(...known.get(id)!.low)).toBeGreaterThanOrEqual(Math.min(...allowed.get(id)!.low));
    expect(Math.max(...known.get(id)!.high)).toBeLessThanOrEqual(Math.max(...allowed.get(id)!.high));
  }
});
