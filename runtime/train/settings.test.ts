import { describe, expect, test } from "vitest";
import { catalog } from "#compiler/catalog/index.js";
import type { TrainSettings } from "#compiler/catalog/statements/train.js";
import { accuracyOf } from "../evaluate/evaluate.js";
import type { EngineFactory } from "./engine.js";
import { engines } from "./engines/index.js";
import type { TrainingEvent } from "./events.js";
import type { FitTask } from "./fit.js";
import { someRuns, statisticsOf } from "./measure.js";
import { meanAnswers, targetsOf, taught } from "./targets.js";
import { clusters } from "./testing/clusters.js";
import { perceptron } from "./testing/perceptron.js";
import { data, stopAfter, temporaryRuns } from "./testing/runs.js";
import { shortTraining } from "./testing/settings.js";

const { train, bytesOf } = temporaryRuns();

const later = { name: "later", arguments: { after: 1, first: "8bit", only: [] } };

describe("settings of a training", () => {
  const finished = async (name: string, changes: Partial<TrainSettings>, more: Partial<FitTask> = {}) => {
    const events: TrainingEvent[] = [];
    const result = await train(name, { settings: shortTraining(changes), report: (event) => void events.push(event), ...more });
    if (result.outcome !== "finished") throw new Error("interrupted");
    return { result, epochs: events.flatMap((event) => (event.kind === "epoch" ? [event] : [])) };
  };

  test("patience ends it when validation data has not improved for so long, and a resumed run ends there, too", async () => {
    const validated = clusters({ validate: 40, spread: 0.2 });
    const { result, epochs } = await finished("run", { epochs: 50, patience: 3 }, { data: validated });
    const accuracies = epochs.map(({ validationAccuracy }) => validationAccuracy!);
    const most = Math.max(...accuracies);
    // Equally good epochs are kept, but are no improvement.
    expect(epochs).toHaveLength(accuracies.indexOf(most) + 1 + 3);
    expect(result.provenance.epochs).toBe(accuracies.lastIndexOf(most) + 1);
    const resumed = await finished("run", { epochs: 50, patience: 3 }, { data: validated, resume: true });
    expect(resumed.epochs).toEqual([]);
    await expect(finished("other", { patience: 3 })).rejects.toThrow("`patience` needs validation data");
  });

  test("quantize: later has the wider format first, and is measured in the one that ships", async () => {
    const seen: string[] = [];
    const watching: EngineFactory = async (task) => {
      seen.push(task.network.layers.flatMap(({ weights }) => weights?.quantizer ?? []).join());
      return engines.fused.start(task);
    };
    const trained = perceptron([16, 12, 4], { weights: "binary" });
    const { result, epochs } = await finished("run", { quantize: later }, { network: trained, engine: watching });
    expect(seen).toEqual(["8bit,8bit", "binary,binary"]);
    for (const { layers } of epochs) expect(layers["dense1"]!.entropy).toBeLessThanOrEqual(1);
    expect(accuracyOf(result.evaluation)).toBeGreaterThan(0.9);
    seen.length = 0;
    await finished(
      "by-layer",
      { quantize: { name: "by_layer", arguments: { after: 1, every: 2, first: "8bit" } } },
      { network: trained, engine: watching },
    );
    expect(seen).toEqual(["8bit,8bit", "binary,8bit", "binary,binary"]);
  });

  test("quantize: later leaves other formats than `only` alone", () => {
    const { formatAt } = catalog.progressions["later"]!;
    const settings = { after: 2, first: "8bit", only: ["ternary"] };
    expect([0, 1, 2].map((epoch) => formatAt(settings, { format: "ternary", index: 0 }, epoch))).toEqual(["8bit", "8bit", "ternary"]);
    expect(formatAt(settings, { format: "4bit", index: 1 }, 0)).toBe("4bit");
  });

  test("average gives the running mean of the weights after each step", async () => {
    const trace: Float32Array[] = [];
    const traced: EngineFactory = async (task) => {
      const engine = await engines.fused.start(task);
      const step: typeof engine.step = (batch, rate) => {
        const result = engine.step(batch, rate);
        trace.push(engine.state().layers.get("dense1")!.weights);
        return result;
      };
      return { ...engine, step };
    };
    const { result } = await finished("run", { average: 10 }, { engine: traced });
    const keep = 0.9;
    const total = (1 - keep ** trace.length) / (1 - keep);
    result.weights.get("dense1")!.values.forEach((value, i) => {
      const mean = trace.reduce((sum, weights, step) => sum + keep ** (trace.length - 1 - step) * weights[i]!, 0) / total;
      expect(value).toBeCloseTo(mean, 5);
    });
  });

  test("smoothing leaves every class a share of the answer", async () => {
    expect([...targetsOf(Uint8Array.of(2, 0), 4, 0.2)].map((share) => share.toFixed(2)).join(" ")).toBe(
      "0.05 0.05 0.85 0.05 0.85 0.05 0.05 0.05",
    );
    const [plain, smooth] = [await finished("plain", {}), await finished("smooth", { smoothing: 0.2 })];
    // No sums are as good as certain: the loss cannot fall below the entropy of the targets.
    expect(smooth.epochs.at(-1)!.loss).toBeGreaterThan(-(0.85 * Math.log(0.85) + 0.15 * Math.log(0.05)));
    expect(plain.epochs.at(-1)!.loss).toBeLessThan(0.4);
  });
});

describe("teachers", () => {
  const big = perceptron([16, 32, 4], { weights: "8bit" });
  const taughtBy = async (digest: string, more: Partial<FitTask> = {}): Promise<Partial<FitTask>> => {
    const learned = await train("teacher", { network: big, settings: shortTraining({ epochs: 8 }) });
    if (learned.outcome !== "finished") throw new Error("interrupted");
    return {
      teachers: [{ network: big, weights: learned.weights, digest }],
      settings: shortTraining({ teachers: ["perceptron"], trust: 1, temperature: 1.5 }),
      ...more,
    };
  };

  test("teaches its answers: with all trust in it no label is needed", async () => {
    const wrong = { ...data, train: { ...data.train, labels: data.train.labels.map((label) => (label + 1) % 4) } };
    const result = await train("pupil", await taughtBy("a", { data: wrong }));
    if (result.outcome !== "finished") throw new Error("interrupted");
    expect(accuracyOf(result.evaluation)).toBeGreaterThan(0.9);
  });

  test("is the same in a resumed run, and no other one", async () => {
    const task = await taughtBy("a");
    await train("whole", task);
    await train("parts", { ...task, ...stopAfter(25) });
    await expect(train("parts", { ...(await taughtBy("b")), resume: true })).rejects.toThrow("teachers' weights");
    await train("parts", { ...task, resume: true });
    expect(bytesOf("parts")).toEqual(bytesOf("whole"));
  });

  test("reads and answers what its pupil does", async () => {
    await expect(train("run", { ...(await taughtBy("a")), network: perceptron([16, 12, 4]), data })).resolves.toMatchObject({
      outcome: "finished",
    });
    const other = perceptron([8, 4]);
    const weights = new Map([["dense1", { shape: [4, 8], values: new Float32Array(32).fill(1), clip: Float32Array.of(1) }]]);
    const settings = shortTraining({ teachers: ["perceptron"] });
    await expect(train("bad", { settings, teachers: [{ network: other, weights, digest: "c" }] })).rejects.toThrow(
      "perceptron cannot teach perceptron: it reads 8 values of i8 and answers with one of 4",
    );
  });

  test("softens its answers by the temperature", () => {
    const answers = meanAnswers([Float32Array.of(2, 0)], 2, 2);
    expect(answers[0]).toBeCloseTo(Math.E / (Math.E + 1), 6);
    const [first, second] = taught(Float32Array.of(0, 1), answers, 0.5);
    expect(first).toBeCloseTo((0.5 * Math.E) / (Math.E + 1), 6);
    expect(second).toBeCloseTo(0.5 + 0.5 / (Math.E + 1), 6);
  });

  test("who disagree teach the mean of their answers", () => {
    const [first, second] = meanAnswers([Float32Array.of(9, 9), Float32Array.of(-40, 40)], 2, 1);
    expect(first).toBeCloseTo(0.25, 6);
    expect(second).toBeCloseTo(0.75, 6);
  });
});

test("statistics of layers: the entropy of their codes and the share of positive sums", async () => {
  const two = perceptron([2, 2], { weights: "binary" });
  const weights = new Map([["dense1", { shape: [2, 2], values: Float32Array.of(1, 1, 1, -2), clip: Float32Array.of(1) }]]);
  const inputs = { count: 2, size: 2, values: Int8Array.of(3, 5, -1, 1), labels: new Uint8Array(2) };
  // Sums: 8 and -2; 0 and -2. Inputs above the zero point: 11 and 101 in binary, then nothing and 10.
  expect(statisticsOf(two, weights, someRuns(two, weights, inputs))).toEqual({
    dense1: { entropy: expect.closeTo(0.25 * 2 + 0.75 * Math.log2(4 / 3), 12), positive: 0.25, digits: 1.25 },
  });
});
