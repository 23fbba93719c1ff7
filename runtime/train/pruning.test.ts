import { describe, expect, test } from "vitest";
import { networkFrom } from "#compiler/cases/network.js";
import type { TrainSettings } from "#compiler/catalog/statements/train.js";
import { type Network, weightedLayers } from "#compiler/ir/network.js";
import { random } from "#compiler/random.js";
import { quantizeWeights } from "#compiler/catalog/integers.js";
import { interpreter } from "#compiler/reference/run.js";
import { accuracyOf } from "../evaluate/evaluate.js";
import { channelGroups } from "./channels.js";
import type { EngineFactory } from "./engine.js";
import { engines } from "./engines/index.js";
import { learnedMask } from "./mask-learning.js";
import { maskedAt, pruned, widenedAt } from "./pruning.js";
import { initialState, weightsOfState } from "./state.js";
import { data, stopAfter, temporaryRuns } from "./testing/runs.js";
import { perceptron } from "./testing/perceptron.js";
import { shortTraining } from "./testing/settings.js";
import { networkAt } from "./trained-network.js";

const { train, bytesOf } = temporaryRuns();

const masked = (surplus: number, until = 2) => ({ prune: { name: "masked", arguments: { surplus, until, price: 0.01 } } });
const shapesOf = (network: Network): string =>
  weightedLayers(network)
    .map(({ weights }) => weights.shape.join("x"))
    .join(" ");

/** Groups as `maker(followers)>readers`. */
const groupsOf = (body: string): string =>
  channelGroups(networkFrom(body))
    .map(({ maker, followers, readers }) => `${maker}(${followers.join()})>${readers.join()}`)
    .join(" ");

describe("channels that can be left out", () => {
  const head = "flatten -> dense(6) -> relu -> dense(3)";
  test.each([
    [
      "neurons, but not those of the classes",
      `weights: 8bit input i8[8] -> dense(6) -> relu -> dense(5) -> relu -> dense(3)`,
      "dense1()>dense2 dense2()>dense3",
    ],
    [
      "through depthwise kernels and pools",
      `weights: 8bit norm: none input i8[8, 8, 1] -> conv(4) -> relu -> dwconv -> relu -> maxpool(2) -> ${head}`,
      "conv1(dwconv1)>dense1 dense1()>dense2",
    ],
    [
      "read by another convolution",
      `weights: 8bit input i8[8, 8, 2] -> conv(4) -> relu -> conv(5) -> relu -> ${head}`,
      "conv1()>conv2 conv2()>dense1 dense1()>dense2",
    ],
    [
      "not those that are added to others",
      `weights: 8bit norm: none input i8[6, 6, 1] -> conv(4) as a -> relu -> dwconv(padding: same) -> add(a) -> relu -> ${head}`,
      "dense1()>dense2",
    ],
    [
      "not those dealt out to groups",
      `weights: 8bit norm: none input i8[8, 8, 2] -> conv(4) -> relu -> conv(8, groups: 2) -> relu -> ${head}`,
      "dense1()>dense2",
    ],
    [
      "in sequences",
      `weights: 8bit norm: none input i8[16, 3] -> conv1d(4) -> relu -> avgpool(2) -> ${head}`,
      "conv1d1()>dense1 dense1()>dense2",
    ],
  ])("%s", (_, body, expected) => expect(groupsOf(body)).toBe(expected));
});

const nets = {
  neurons: "weights: 8bit input i8[6] -> dense(8) -> relu -> dense(5) -> relu -> dense(3)",
  channels:
    "weights: 8bit norm: none input i8[9, 8, 2] -> conv(5) -> relu -> dwconv -> relu -> maxpool(2) -> flatten -> dense(4, norm: rms) -> relu -> dense(3, norm: rms)",
  "convolutions in a row": "weights: 8bit input i8[8, 8, 1] -> conv(4) -> relu -> conv(6) -> relu -> flatten -> dense(3)",
};

describe.each(Object.entries(nets))("pruning of %s", (_, body) => {
  const network = networkFrom(body);
  const wide = widenedAt(network, masked(0.5), 0);

  test("begins wider, and ends as the model says", () => {
    expect(shapesOf(wide)).not.toBe(shapesOf(network));
    expect(wide.layers.at(-1)!.type).toEqual(network.layers.at(-1)!.type);
    expect(widenedAt(network, masked(0.5), 2)).toBe(network);
    expect(widenedAt(network, masked(0), 0)).toBe(network);
  });

  test("leaves a network that sums what the wide one sums without the neurons that vanish", () => {
    const settings = shortTraining(masked(0.5));
    const draw = random("pruning", body);
    const state = initialState(wide, settings, 1, maskedAt(network, settings, 0));
    for (const { maker } of channelGroups(wide)) {
      const { weights, shape, mask } = state.layers.get(maker)!;
      const kept = weightedLayers(network).find(({ id }) => id === maker)!.weights.shape[0]!;
      const order = Array.from({ length: shape[0]! }, (_, i) => i).sort(() => draw.normal());
      // Masks of those that stay are alike, so that rows keep their weights.
      order.forEach((row, place) => (mask!.factors[row] = place < kept ? 1 : 0.5));
      const size = weights.length / shape[0]!;
      order.slice(kept).forEach((row) => weights.fill(0, row * size, (row + 1) * size));
    }
    const narrow = pruned(state, network, settings);
    expect(shapesOf(network)).toBe([...narrow.layers.values()].map(({ shape }) => shape.join("x")).join(" "));
    const [whole, left] = [
      [wide, state],
      [network, narrow],
    ].map(([of, held]) => {
      const net = of as Network;
      return interpreter(net, quantizeWeights(net, weightsOfState(held as typeof state)));
    });
    for (let sample = 0; sample < 5; sample++) {
      const size = network.layers[0]!.type.shape.reduce((product, extent) => product * extent, 1);
      const input = Int8Array.from({ length: size }, () => draw.below(255) - 127);
      expect(left!(input)).toEqual(whole!(input));
    }
  });
});

test("rows take up their masks, and averages of them, too", () => {
  const network = perceptron([3, 2, 2]);
  const settings = shortTraining({ ...masked(0.5), average: 10 });
  const wide = networkAt(network, settings, 0);
  const state = initialState(wide, settings, 1, maskedAt(network, settings, 0));
  const first = state.layers.get("dense1")!;
  first.mask!.factors.set([0.2, 1, 0.5]);
  first.slots.at(-1)!.fill(1);
  const { weights, slots, mask } = pruned(state, network, settings).layers.get("dense1")!;
  expect([...weights]).toEqual([...first.weights.slice(3)].map((weight, i) => expect.closeTo(i < 3 ? weight : weight / 2, 6)));
  expect([...slots.at(-1)!]).toEqual([1, 1, 1, 0.5, 0.5, 0.5]);
  expect(mask).toBeUndefined();
});

test("masks close by their price, but for what the loss wants open, as seen from the widest", () => {
  const plain = { name: "sgd", arguments: { momentum: 0, decay: 0.5 } };
  const mask = { factors: Float32Array.of(1, 1, 0.5), slots: [new Float32Array(3)] };
  const { factors } = learnedMask(mask, Float32Array.of(0, -1, 0.2), 0.1, plain, 0.1, 1);
  // By themselves: the logarithms lose 0.01, gain 0.09 and lose 0.025.
  expect([...factors]).toEqual([Math.exp(-0.1), 1, 0.5 * Math.exp(-0.115)].map((factor) => expect.closeTo(factor, 6)));
});

describe("a training that prunes", () => {
  const network = perceptron([16, 10, 4]);

  test("learns in the wide network first, is measured in the one that ships, and ships that", async () => {
    const seen: string[] = [];
    const watching: EngineFactory = async (task) => (seen.push(shapesOf(task.network)), engines.fused.start(task));
    const result = await train("run", { network, settings: shortTraining(masked(0.5)), engine: watching });
    if (result.outcome !== "finished") throw new Error("interrupted");
    expect(seen).toEqual(["15x16 4x15", "10x16 4x10"]);
    expect(accuracyOf(result.evaluation)).toBeGreaterThan(0.9);
    expect(Math.abs(result.provenance.floatAccuracy! - result.provenance.integerAccuracy!)).toBeLessThan(0.05);
  });

  test.each<[string, Partial<TrainSettings>]>([
    ["with averages and learned scalars", { average: 15, clip: { name: "learned", arguments: { speed: 1 } } }],
    ["and changes its formats", { quantize: { name: "later", arguments: { after: 1, first: "8bit", only: [] } } }],
    ["almost to the end", masked(1, 3)],
  ])("resumes %s to the same weights", async (_, changes) => {
    const settings = shortTraining({ ...masked(0.5), ...changes });
    await train("whole", { network, settings });
    await train("parts", { network, settings, ...stopAfter(25) });
    await train("parts", { network, settings, resume: true, ...stopAfter(13) });
    await train("parts", { network, settings, resume: true });
    expect(bytesOf("parts")).toEqual(bytesOf("whole"));
    expect(bytesOf("parts", "checkpoint.safetensors")).toEqual(bytesOf("whole", "checkpoint.safetensors"));
  });

  test("is refused where it ends before it prunes, or where there is nothing to begin with more of", async () => {
    await expect(train("run", { network, settings: shortTraining(masked(0.5, 4)) })).rejects.toThrow(
      "`prune: masked` does not leave the neurons and channels that ship before training ends, after 4 epochs",
    );
    await expect(train("run", { network: perceptron([16, 4]), data, settings: shortTraining(masked(0.5)) })).rejects.toThrow(
      "`prune` finds nothing in perceptron",
    );
  });
});
