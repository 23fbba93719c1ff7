import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { networkFrom } from "#compiler/cases/network.js";
import { catalog } from "#compiler/catalog/index.js";
import type { EngineTask } from "../../engine.js";
import { channelGroups } from "../../channels.js";
import { initialState, withClips } from "../../state.js";
import { expectClose } from "../../testing/gradients.js";
import { imageNetwork } from "../../testing/image-network.js";
import { expectReferenceStep, imageBatch, imageNets, imageTask } from "../../testing/image-step.js";
import { tfjsEngine } from "../tfjs.js";
import { fusedEngine } from "./engine.js";

const alone = (task: EngineTask) => fusedEngine(task, 1);

describe("a step has the loss and the gradients that plain arrays give:", () => {
  test.each(Object.keys(imageNets))("%s", (name) => expectReferenceStep(alone, networkFrom(imageNets[name]!), 3));

  test(
    "random nets",
    () =>
      fc.assert(
        fc.asyncProperty(fc.nat(), (seed) => expectReferenceStep(alone, imageNetwork(seed), seed)),
        { numRuns: 12 },
      ),
    60_000,
  );

  test("of every layer of the catalogue", () => {
    const stepped = Object.values(imageNets).flatMap((body) => networkFrom(body).layers.map(({ op }) => op));
    expect(Object.keys(catalog.layers).filter((name) => !stepped.includes(name))).toEqual([]);
  });
});

test("images give the same weights on any number of threads, and as they are given to the engine again", async () => {
  const network = networkFrom(
    "weights: 8bit norm: none input i8[28, 28, 1] -> conv(24) -> relu -> dwconv -> relu -> maxpool(2) -> flatten -> dense(3, norm: rms)",
  );
  const task = imageTask(network, 32);
  const state = withClips(initialState(network, task, 1), task);
  const after = [1, 2, 3].map(async (threads) => {
    const engine = await fusedEngine(task, threads);
    engine.load(state);
    const results = [engine.step(imageBatch(network, 32, 1), 0.01), engine.step(imageBatch(network, 19, 2), 0.01)];
    engine.load(engine.state());
    const last = engine.step(imageBatch(network, 32, 3), 0.01);
    const end = engine.state();
    engine.dispose();
    return { results, last, end };
  });
  const [alone, ...shared] = await Promise.all(after);
  for (const other of shared) expect(other).toEqual(alone);
});

test.each(["a block without norms", "convolutions with norms", "sequences", "sums over the batch"])(
  "masks over channels are learned as tfjs learns them: %s",
  async (name) => {
    const network = networkFrom(imageNets[name]!);
    const masked = new Set(channelGroups(network).map(({ maker }) => maker));
    const task = { ...imageTask(network, 12), masking: { layers: masked, price: 0.01 } };
    const start = withClips(initialState(network, task, 3, masked), task);
    for (const { mask } of start.layers.values()) mask?.factors.forEach((_, i) => (mask.factors[i] = 1 / (1 + (i % 3))));
    const ends = [];
    for (const startEngine of [fusedEngine, tfjsEngine]) {
      const engine = await startEngine(task);
      engine.load(start);
      engine.step(imageBatch(network, 12, 3), 0.1);
      ends.push(engine.state());
      engine.dispose();
    }
    for (const [id, { mask, weights }] of ends[0]!.layers) {
      const other = ends[1]!.layers.get(id)!;
      expect(mask === undefined).toBe(!masked.has(id));
      if (mask !== undefined) expectClose(mask.slots[0]!, other.mask!.slots[0]!, 1e-3);
      expectClose(weights, other.weights, 1e-4);
    }
  },
);

test("clipping scalars of kernels are learned as tfjs learns them", async () => {
  const network = networkFrom(imageNets["a block without norms"]!);
  const task = { ...imageTask(network, 12), clip: { name: "learned", arguments: { speed: 1 } } };
  const states = [];
  for (const start of [fusedEngine, tfjsEngine]) {
    const engine = await start(task);
    engine.load(withClips(initialState(network, task, 3), task));
    engine.step(imageBatch(network, 12, 3), 0.1);
    states.push(engine.state());
    engine.dispose();
  }
  for (const [id, { clip, weights }] of states[0]!.layers) {
    expectClose(clip, states[1]!.layers.get(id)!.clip, 1e-5);
    expectClose(weights, states[1]!.layers.get(id)!.weights, 1e-4);
  }
});
