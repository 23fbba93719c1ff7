import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { catalog } from "#compiler/catalog/index.js";
import type { TrainSettings } from "#compiler/catalog/statements/train.js";
import { accuracyOf } from "../evaluate/evaluate.js";
import { Failure } from "../failure.js";
import { loadWeights } from "../weights/weights.js";
import type { EngineFactory } from "./engine.js";
import { engines } from "./engines/index.js";
import { useFastestBackend } from "./engines/tfjs-backend.js";
import type { TrainingEvent } from "./events.js";
import { clusters } from "./testing/clusters.js";
import { perceptron } from "./testing/perceptron.js";
import { network, stopAfter, temporaryRuns } from "./testing/runs.js";
import { shortTraining } from "./testing/settings.js";

const { path, train, bytesOf } = temporaryRuns();
const later = { name: "later", arguments: { after: 1, first: "8bit", only: [] } };

describe("a training", () => {
  test.each(Object.keys(catalog.quantizers).map((format) => [format]))("with %s weights learns", async (format) => {
    const result = await train("run", { network: perceptron([16, 12, 4], { weights: format }) });
    if (result.outcome !== "finished") throw new Error("interrupted");
    expect(accuracyOf(result.evaluation)).toBeGreaterThan(0.9);
    expect(Math.abs(result.provenance.floatAccuracy! - result.provenance.integerAccuracy!)).toBeLessThan(0.05);
  });

  test("with the same seed gives the same bytes, with another one others", async () => {
    await train("first");
    await train("second");
    await train("third", { settings: shortTraining({ seed: 2 }) });
    expect(bytesOf("second")).toEqual(bytesOf("first"));
    expect(bytesOf("third").equals(bytesOf("first"))).toBe(false);
  });

  test("writes the weights that it returns", async () => {
    const result = await train("run");
    if (result.outcome !== "finished") throw new Error("interrupted");
    const { weights, provenance } = loadWeights(network, result.path);
    expect(weights).toEqual(result.weights);
    const occupancy = { active: expect.any(Number), digits: expect.any(Number) };
    expect(provenance.occupancies).toEqual(
      new Map(network.layers.flatMap(({ id, type }) => (type.element === "i8" ? [[id, occupancy]] : []))),
    );
    expect({ ...provenance, occupancies: undefined }).toEqual({
      epochs: 4,
      seed: 1,
      dataset: "clusters",
      classes: ["class 0", "class 1", "class 2", "class 3"],
      preparation: [expect.stringMatching(/^value \* 127 \/ [\d.]+, rounded and saturated to int8$/)],
      steps: [{ name: "scale", arguments: { per: "set", clip: 0 }, constants: { magnitude: [expect.any(Number)] } }],
      occupancies: undefined,
      floatAccuracy: expect.any(Number),
      integerAccuracy: accuracyOf(result.evaluation),
    });
  });

  test("leaves no tensors behind", async () => {
    await useFastestBackend();
    const before = tf.memory().numTensors;
    await train("run", { engine: engines.tfjs.start });
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("an interrupted training", () => {
  // 600 samples in steps of 32: 19 steps an epoch, of which the last is shorter.
  test.each([[1], [18], [19], [20], [50]])("resumes after %i steps to the same weights", async (steps) => {
    await train("whole");
    const stopped = await train("parts", stopAfter(steps));
    expect(stopped).toEqual({ outcome: "interrupted", checkpoint: path("parts", "checkpoint.safetensors") });
    await train("parts", { ...stopAfter(21), resume: true });
    await train("parts", { resume: true });
    expect(bytesOf("parts")).toEqual(bytesOf("whole"));
    expect(bytesOf("parts", "checkpoint.safetensors")).toEqual(bytesOf("whole", "checkpoint.safetensors"));
  });

  test.each<[string, Partial<TrainSettings>]>([
    ["learned clipping scalars", { clip: { name: "learned", arguments: { speed: 1 } } }],
    ["averages", { average: 15 }],
    ["learned scalars and averages", { clip: { name: "learned", arguments: { speed: 1 } }, average: 15 }],
    ["smoothed answers", { smoothing: 0.1 }],
    // Stopped in the first epoch of the format that ships.
    ["a wider format first", { quantize: later }],
    [
      "learned scalars and one layer after the other",
      {
        clip: { name: "learned", arguments: { speed: 1 } },
        quantize: { name: "by_layer", arguments: { after: 1, every: 1, first: "ternary" } },
      },
    ],
  ])("resumes with %s to the same weights", async (_, changes) => {
    const settings = shortTraining(changes);
    await train("whole", { settings });
    await train("parts", { settings, ...stopAfter(25) });
    await train("parts", { settings, resume: true, ...stopAfter(13) });
    await train("parts", { settings, resume: true });
    expect(bytesOf("parts")).toEqual(bytesOf("whole"));
    expect(bytesOf("parts", "checkpoint.safetensors")).toEqual(bytesOf("whole", "checkpoint.safetensors"));
  });

  test("is noticed, however short its epochs are", async () => {
    const controller = new AbortController();
    const report = ({ kind }: TrainingEvent): void => void (kind === "start" && setTimeout(() => controller.abort()));
    const result = await train("run", {
      data: clusters({ train: 8, test: 8 }),
      settings: shortTraining({ epochs: 2000 }),
      report,
      signal: controller.signal,
    });
    expect(result.outcome).toBe("interrupted");
  });

  test("keeps one metrics line for each epoch", async () => {
    await train("run", stopAfter(30));
    await train("run", { resume: true });
    const lines = bytesOf("run", "metrics.jsonl").toString().trimEnd().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { epoch: number }).epoch)).toEqual([1, 2, 3, 4]);
  });

  test("says where it stopped and where it goes on", async () => {
    const events: TrainingEvent[] = [];
    const stop = stopAfter(30);
    const report = (event: TrainingEvent): void => (stop.report!(event), void events.push(event));
    await train("run", { ...stop, report });
    expect(events.at(-1)).toMatchObject({ kind: "interrupted", epoch: 2, step: 11 });
    events.length = 0;
    await train("run", { resume: true, report: (event) => void events.push(event) });
    expect(events[0]).toMatchObject({ kind: "start", resumedAfter: { epochs: 1, steps: 11 } });
    expect(events.at(-1)).toMatchObject({ kind: "finished", epoch: 4 });
  });

  test("is not resumed with another rate, nor from nothing", async () => {
    await expect(train("run", { resume: true })).rejects.toThrow(/nothing to resume/);
    await train("run", stopAfter(5));
    const settings = shortTraining({ rate: { name: "halve", arguments: { from: 0.01, at: 2 } } });
    await expect(train("run", { resume: true, settings })).rejects.toThrow(/its rate was .*cosine.*halve/);
    await expect(train("run", { resume: true, network: perceptron([16, 10, 4]) })).rejects.toThrow(/dense1/);
  });

  test("may be given more epochs", async () => {
    await train("run");
    const result = await train("run", { resume: true, settings: shortTraining({ epochs: 6 }) });
    expect(result).toMatchObject({ outcome: "finished", provenance: { epochs: 6 } });
  });
});

describe("validation data", () => {
  test("picks the latest of the best epochs", async () => {
    const events: TrainingEvent[] = [];
    const validated = clusters({ validate: 60, spread: 1.6 });
    const result = await train("run", { data: validated, report: (event) => void events.push(event) });
    const accuracies = events.flatMap((event) => (event.kind === "epoch" ? [event.validationAccuracy!] : []));
    const best = accuracies.lastIndexOf(Math.max(...accuracies)) + 1;
    expect(result).toMatchObject({ provenance: { epochs: best } });
    const chosen = events.find((event) => event.kind === "epoch" && event.epoch === best);
    expect(events.at(-1)).toMatchObject({
      kind: "finished",
      epoch: best,
      integerAccuracy: (chosen as { integerAccuracy: number }).integerAccuracy,
    });
  });
});

describe("a training that cannot go on", () => {
  // Ternary weights rescale with every step, so that a wild one shows in the next loss; others clip until the epoch ends.
  test.each([
    ["ternary", 1e39, "the loss is NaN at step 12 of epoch 2"],
    ["4bitsym", NaN, "some weights are not finite after epoch 2"],
  ])("with %s weights after a step of rate %d says so and keeps the last checkpoint", async (weights, wild, message) => {
    let steps = 0;
    const poisoned: EngineFactory = async (task) => {
      const engine = await engines.fused.start(task);
      return { ...engine, step: (batch, rate) => engine.step(batch, ++steps === 30 ? wild : rate) };
    };
    const trained = { network: perceptron([16, 12, 4], { weights, norm: "none" }) };
    const failure = await train("run", { ...trained, engine: poisoned }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Failure);
    expect((failure as Failure).message).toBe(`the training diverged: ${message}`);
    await train("whole", trained);
    await train("run", { ...trained, resume: true });
    expect(bytesOf("run")).toEqual(bytesOf("whole"));
  });

  test("refuses data that the network does not read", async () => {
    await expect(train("run", { network: perceptron([8, 4]) })).rejects.toThrow("perceptron reads [8], but the samples are [16]");
    await expect(train("run", { network: perceptron([16, 5]) })).rejects.toThrow(
      "perceptron answers with one of 5 classes, but the data has 4",
    );
  });
});
