import { describe, expect, test } from "vitest";
import { seededWeights } from "../cases/emit/perceptron.js";
import { networkFrom } from "../cases/network.js";
import type { Network } from "../ir/network.js";
import { quantizeWeights } from "../catalog/integers.js";
import { type Lowered, lower } from "./lower.js";

const ids = (layers: readonly { readonly id: string }[]): readonly string[] => layers.map(({ id }) => id);

/** What runs channel by channel, each layer beside those that share its loop. */
function chainsIn(lowered: Lowered): readonly (readonly string[])[] {
  const chains = new Set(lowered.layers.map(({ id }) => lowered.chainOf(id)).filter((chain) => chain !== undefined));
  return [...chains].map(({ layers }) => ids(layers));
}

const storedIn = (lowered: Lowered, id: string): string => {
  const { element, count, channelwise } = lowered.stored(id);
  return `${element}[${count}]${channelwise ? ", a channel" : ""}`;
};

const features = (rest = "-> flatten -> dense(3)"): Network =>
  networkFrom(`weights: 8bit input i8[12, 12, 1] -> conv(4, norm: none) -> relu -> dwconv(norm: none) -> relu -> maxpool(2) ${rest}`);

test("max-pooling comes before a monotonic layer, and keeps its name", () => {
  expect(ids(lower(features()).layers)).toEqual(["conv1", "relu1", "dwconv1", "maxpool1", "relu2", "dense1"]);
  // The mean of rectified values is not the rectified mean.
  const means = networkFrom(
    "weights: 8bit norm: none input i8[8, 8, 1] -> conv(2) -> relu -> avgpool(2) -> flatten -> dense(3, norm: rms)",
  );
  expect(ids(lower(means).layers)).toEqual(["conv1", "relu1", "avgpool1", "dense1"]);
});

describe("depthwise chains", () => {
  test("go on as long as channels are not mixed", () => {
    expect(chainsIn(lower(features()))).toEqual([["conv1", "relu1", "dwconv1", "maxpool1"]]);
  });

  test("end where a layer needs all channels, and begin again behind it", () => {
    const mixed = lower(features("-> conv(6, kernel: 1, norm: none) -> relu -> dwconv(norm: none) -> relu -> flatten -> dense(3)"));
    expect(chainsIn(mixed)).toEqual([
      ["conv1", "relu1", "dwconv1", "maxpool1", "relu2"],
      ["conv2", "relu3", "dwconv2"],
    ]);
  });

  test("hold both sides of a skip connection", () => {
    const skipping = networkFrom(
      "weights: 8bit norm: none input i8[8, 8, 1] -> conv(3) as a -> relu -> dwconv(padding: same) -> add(a) -> relu -> flatten -> dense(2, norm: rms)",
    );
    expect(chainsIn(lower(skipping))).toEqual([["a", "relu1", "dwconv1", "add1"]]);
  });
});

describe("values are stored", () => {
  test("one channel at a time, where only the same loop reads them", () => {
    const lowered = lower(features());
    expect(storedIn(lowered, "relu1")).toBe("i16[100], a channel");
    // What a rescaling relu reads has all channels, in int32.
    expect(storedIn(lowered, "maxpool1")).toBe("i32[64]");
    expect(storedIn(lowered, "relu2")).toBe("i8[64]");
  });

  test("in all their channels, where another loop reads them, as narrowly as is proved", () => {
    const mixed = features("-> conv(6, kernel: 1, norm: none) -> relu -> flatten -> dense(3)");
    expect(storedIn(lower(mixed), "relu2")).toBe("i32[64]");
    const levels = new Map(
      [...quantizeWeights(mixed, seededWeights(mixed))].map(([id, values]) => [id, values.map((level) => level >> 3)]),
    );
    expect(storedIn(lower(mixed, { levels }), "relu2")).toBe("i16[64]");
  });

  test("as bytes, where formats are so small that sums are", () => {
    const tiny = networkFrom(
      "weights: binary norm: none input i8[8, 8, 1] -> conv(2, kernel: 1) -> relu -> dwconv(kernel: 1) -> relu -> flatten -> dense(2, norm: rms)",
    );
    expect(storedIn(lower(tiny), "relu1")).toBe("i8[64], a channel");
  });
});

test("steps of a loop advance through values that have all channels by a stride", () => {
  const lowered = lower(
    networkFrom("weights: 8bit norm: none input i8[6, 6, 4] -> conv(8, groups: 4) -> relu -> flatten -> dense(2, norm: rms)"),
  );
  const [conv] = lowered.layers;
  // Two outputs see the same channel of 36 values; each output has 16.
  expect(lowered.stride("input", conv)).toEqual({ elements: 36, every: 2 });
  expect(lowered.stride("conv1")).toEqual({ elements: 16, every: 1 });
});
