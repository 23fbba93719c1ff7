import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { networkFrom } from "#compiler/cases/network.js";
import { catalog } from "#compiler/catalog/index.js";
import type { TrainSettings } from "#compiler/catalog/statements/train.js";
import { layerOf, type Network } from "#compiler/ir/network.js";
import { accuracyOf, evaluate } from "../../evaluate/evaluate.js";
import { packageRoot, writeFile } from "../../host.js";
import { loadTemplates } from "../../templates.js";
import { loadWeights } from "../../weights/weights.js";
import { tfjsEngine } from "../engines/tfjs.js";
import { classWeightsOf } from "../loss.js";
import { engineSource } from "../engine-source.js";
import { shippedWeights } from "../measure.js";
import { initialState } from "../state.js";
import { targetsOf } from "../targets.js";
import { clusters } from "../testing/clusters.js";
import { expectClose } from "../testing/gradients.js";
import { perceptron } from "../testing/perceptron.js";
import { shortTraining } from "../testing/settings.js";
import { clippedAt, networkAt } from "../trained-network.js";
import { trainingProgram } from "./program.js";

/** Programs are written inside of the package, so that they find its node_modules. */
mkdirSync(join(packageRoot, "build"), { recursive: true });
const folder = mkdtempSync(join(packageRoot, "build/program-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = promisify(execFile);
const tsx = (...words: readonly string[]) =>
  run(process.execPath, [join(packageRoot, "node_modules/tsx/dist/cli.mjs"), ...words], { cwd: folder });
const data = clusters({ features: 12, train: 96, test: 40 });
const templates = loadTemplates();

interface Variant {
  readonly name: string;
  readonly network: Network;
  readonly settings: TrainSettings;
}

const variant = (name: string, choices: Parameters<typeof perceptron>[1], settings: Partial<TrainSettings> = {}): Variant => ({
  name,
  network: perceptron([12, 9, 4], choices),
  settings: shortTraining(settings),
});

const sgd = { name: "sgd", arguments: { momentum: 0.8, decay: 0.02 } };
const adam = { name: "adam", arguments: { beta1: 0.8, beta2: 0.99, epsilon: 1e-7, decay: 0.01 } };
const variants: readonly Variant[] = [
  ...Object.keys(catalog.quantizers).map((weights) => variant(`format-${weights}`, { weights })),
  ...Object.keys(catalog.norms).map((norm) => variant(`norm-${norm}`, { norm })),
  variant("shift", { activations: "8bit_shift" }),
  variant("sgd", {}, { optimizer: sgd }),
  variant("decay", {}, { optimizer: adam, balance: "classes" }),
  variant("per-output", {}, { clip: { name: "octav", arguments: { per: "output", until: Number.MAX_SAFE_INTEGER } } }),
  variant("proportional", {}, { clip: { name: "proportional", arguments: { per: "tensor", scale: 0.3, until: 2 } } }),
  variant("largest", {}, { clip: { name: "proportional", arguments: { per: "output", scale: 1.1, until: 2 } } }),
  variant("learned", {}, { optimizer: adam, clip: { name: "learned", arguments: { speed: 2 } } }),
  variant("learned-sgd", { weights: "nf4" }, { optimizer: sgd, clip: { name: "learned", arguments: { speed: 1 } } }),
  variant("average", {}, { optimizer: adam, average: 5 }),
  variant(
    "later",
    { weights: "2bitsym" },
    {
      quantize: { name: "later", arguments: { after: 2, first: "8bit", only: [] } },
      clip: { name: "octav", arguments: { per: "tensor", until: 1 } },
    },
  ),
  variant(
    "by-layer",
    { weights: "ternary" },
    {
      quantize: { name: "by_layer", arguments: { after: 1, every: 1, first: "4bit" } },
      average: 3,
      clip: { name: "octav", arguments: { per: "output", until: 9 } },
    },
  ),
  variant(
    "later-learned",
    {},
    { quantize: { name: "later", arguments: { after: 1, first: "8bit", only: [] } }, clip: { name: "learned", arguments: { speed: 2 } } },
  ),
  variant("smoothing", {}, { smoothing: 0.2, balance: "classes" }),
  variant("warm-up", {}, { epochs: 10, rate: { name: "cosine", arguments: { from: 0.01, to: 0.002, warm_up: 2, halve_at: 0 } } }),
  variant("halved", {}, { epochs: 10, rate: { name: "cosine", arguments: { from: 0.01, to: 0.002, warm_up: 2, halve_at: 1 } } }),
  variant("halved-to-zero", {}, { epochs: 10, rate: { name: "cosine", arguments: { from: 0.01, to: 0, warm_up: 0, halve_at: 2 } } }),
  variant("halve", {}, { rate: { name: "halve", arguments: { from: 0.01, at: 2 } } }),
  variant("step", {}, { rate: { name: "step", arguments: { from: 0.01, every: 1, by: 0.7 } } }),
  variant("restarts", {}, { epochs: 9, rate: { name: "restarts", arguments: { from: 0.01, to: 0.001, every: 1, by: 0.9, longer: 2 } } }),
];

/** Nets over images of the twelve values. */
const imageVariants: readonly Variant[] = (
  [
    [
      "image-channels",
      "input i8[4, 3, 1] -> conv(4, kernel: 2, norm: none) -> relu -> dwconv(kernel: 2, padding: same, norm: none) -> maxpool(2)",
    ],
    [
      "image-skip",
      "input i8[6, 2] -> conv1d(4, kernel: 2, groups: 2, norm: none) as a -> relu -> conv1d(4, padding: same, norm: none) -> add(a) -> avgpool(2)",
    ],
    ["image-norm", "input i8[3, 2, 2] -> conv(3, kernel: 2, padding: same)"],
    ["image-groups", "input i8[3, 1, 4] -> conv(6, kernel: 1, groups: 2, stride: 2, norm: none)"],
    ["image-sums", "input i8[6, 2, 1] -> conv(4, kernel: 1) -> relu -> sumpool(2) -> relu -> conv(3, kernel: 1) -> relu -> sumpool"],
    ["image-bytes", "input i8[2, 2, 3] -> maxpool(2) -> conv(5, kernel: 1)"],
  ] as const
).map(([name, layers]) => ({
  name,
  network: networkFrom(`weights: 8bit ${layers} -> relu -> flatten -> dense(4)`, "sliding"),
  settings: shortTraining(),
}));

const everyVariant = [...variants, ...imageVariants];

/** What a driver finds out about a program. */
interface Findings {
  readonly losses: readonly number[];
  readonly clips: readonly (readonly number[])[];
  /** Weights and clipping scalars that it would save. */
  readonly saved: readonly { readonly weights: readonly number[]; readonly clip: readonly number[] }[];
  readonly rates: readonly number[];
}

const epochs = [0, 0.5, 1, 1.75, 2.5, 3.9];
const batch = 32;
const rate = 0.02;
/** A step at the start of each of these epochs. */
const steps = [0, 1, 2];

const driver = `
import { readFileSync } from "node:fs";
const after = (path) => { const file = readFileSync(path); return file.subarray(10 + file.readUInt16LE(8)); };
const found = {};
for (const name of JSON.parse(process.argv[2])) {
  const { layers, rateAt, shipped = (layer) => layer, startEpoch, step } = await import("./" + name + "/train.ts");
  const samples = new Int8Array(after(name + "/data/train-samples.npy"));
  const labels = new Uint8Array(after(name + "/data/train-labels.npy"));
  let clips;
  const losses = ${JSON.stringify(steps)}.map((i) => {
    startEpoch(i);
    clips ??= Object.values(layers).map(({ clip }) => [...clip]);
    return step(samples.slice(i * ${batch} * 12, (i + 1) * ${batch} * 12), labels.slice(i * ${batch}, (i + 1) * ${batch}), ${rate});
  });
  const saved = Object.values(layers).map(shipped).map(({ weights, clip }) => ({ weights: [...weights], clip: [...clip] }));
  found[name] = { losses, clips, saved, rates: ${JSON.stringify(epochs)}.map(rateAt) };
}
console.log("\\n" + JSON.stringify(found));
`;

function write({ name, network, settings }: Variant): void {
  const files = trainingProgram({ network, settings, data, templates, version: "0.0.0", command: "bnmc emit-ts model.bnm" });
  for (const [path, content] of files) writeFile(join(folder, name, path), content);
}

describe("programs", () => {
  let found: Readonly<Record<string, Findings>> = {};

  beforeAll(async () => {
    everyVariant.forEach(write);
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    writeFileSync(join(folder, "driver.mjs"), driver);
    const { stdout } = await tsx("driver.mjs", JSON.stringify(everyVariant.map(({ name }) => name)));
    found = JSON.parse(stdout.trim().split("\n").at(-1)!) as typeof found;
  }, 120_000);

  test.each(everyVariant)("$name: its losses, clips, weights and rates are those of the engine", async ({ name, network, settings }) => {
    const first = networkAt(network, settings, 0);
    const start = clippedAt(network, settings, initialState(first, settings, settings.seed), 0);
    const classWeights = classWeightsOf(settings.balance, data.train.labels, data.classes.length);
    const source = engineSource(tfjsEngine, { network, ...settings, batch, classWeights });
    let state = start;
    const losses: number[] = [];
    for (const i of steps) {
      const engine = await source.at(i, state);
      engine.load(clippedAt(network, settings, engine.state(), i));
      const inputs = data.train.values.subarray(i * batch * 12, (i + 1) * batch * 12);
      const labels = data.train.labels.subarray(i * batch, (i + 1) * batch);
      losses.push(engine.step({ inputs, labels, targets: targetsOf(labels, data.classes.length, settings.smoothing) }, rate).loss);
      state = engine.state();
    }
    source.dispose();
    const program = found[name]!;
    losses.forEach((loss, i) => expect(program.losses[i]).toBeCloseTo(loss, 4));
    for (const [k, { format, clip }] of [...start.layers.values()].entries()) {
      if (catalog.quantizers[format]!.scale === "mean-magnitude") continue;
      expect(program.clips[k]!.length).toBe(clip.length);
      clip.forEach((scalar, i) => expect(program.clips[k]![i]).toBeCloseTo(scalar, 6));
    }
    for (const [k, [id, { values, clip }]] of [...shippedWeights(network, settings, state)].entries()) {
      const saved = program.saved[k]!;
      expectClose(saved.weights, values, 1e-3);
      if (catalog.quantizers[layerOf(network, id).weights!.quantizer]!.scale !== "mean-magnitude") expectClose(saved.clip, clip, 1e-3);
    }
    const schedule = catalog.schedules[settings.rate.name]!;
    epochs.forEach((epoch, i) =>
      expect(program.rates[i]).toBeCloseTo(schedule.rateAt(settings.rate.arguments, epoch, settings.epochs), 12),
    );
  });

  test("are sound for the compiler of TypeScript", async () => {
    const options = [
      "--ignoreConfig",
      "--noEmit",
      "--strict",
      "--noUnusedLocals",
      "--skipLibCheck",
      "--target",
      "es2022",
      "--module",
      "nodenext",
      "--types",
      "node",
      "--typeRoots",
      join(packageRoot, "node_modules/@types"),
    ];
    const { stdout } = await run(
      process.execPath,
      [join(packageRoot, "node_modules/typescript/bin/tsc"), ...options, ...everyVariant.map(({ name }) => `${name}/train.ts`)],
      { cwd: folder },
    ).catch((error: { stdout: string }) => error);
    expect(stdout.replace(/^npm warn.*$/gm, "")).toBe("");
  }, 60_000);

  test("cover all optimizers, schedules and clips", () => {
    for (const [family, names] of [
      ["optimizers", catalog.optimizers],
      ["schedules", catalog.schedules],
      ["clips", catalog.clips],
    ] as const) {
      for (const name of Object.keys(names)) expect([...templates.keys()]).toContain(`program/${family}/${name}.ts.hbs`);
    }
  });

  test("train by themselves to weights that bnmc reads", async () => {
    const { name, network } = variants.find(({ name }) => name === "warm-up")!;
    const { stdout } = await tsx(`${name}/train.ts`);
    expect(stdout).toMatch(/epoch 10\/10 {2}loss \d\.\d{4} {2}test \d+\.\d\d%/);
    const { weights } = loadWeights(network, join(folder, name, "perceptron.safetensors"));
    expect(accuracyOf(evaluate(network, weights, data.test, data.classes))).toBeGreaterThan(0.6);
  }, 60_000);

  test("are refused with what they have no text for", () => {
    const { network } = variants[0]!;
    const program = (changes: Partial<TrainSettings>, of = network) =>
      trainingProgram({ network: of, settings: shortTraining(changes), data, templates, version: "0.0.0", command: "" });
    expect(() => program({ prune: { name: "masked", arguments: { surplus: 0.5, until: 2, price: 0 } } })).toThrow(/no text for `prune`/);
    const ranged = networkFrom("weights: 8bit range: fixed input i8[12] -> dense(6) -> relu -> dense(4)");
    expect(() => program({}, ranged)).toThrow(/no text for `range: fixed`/);
    expect(() => program({}, networkFrom("weights: 8bit range: fixed input i8[12] -> dense(4)"))).toThrow(/nor for biases/);
    expect(() => program({ teachers: ["big"] })).toThrow(/no text for `teachers`/);
    expect(() => program({ quantize: { name: "later", arguments: { after: 9, first: "8bit", only: [] } } })).toThrow(
      /does not give all weights the format that ships/,
    );
  });

  test.each([
    ["format-4bitsym", "train"],
    ["image-channels", "train-images"],
    ["by-layer", "train-progressive"],
  ])("look as the examples do: %s", async (name, example) => {
    const text = readFileSync(join(folder, name, "train.ts"), "utf8");
    await expect(text).toMatchFileSnapshot(join(packageRoot, `runtime/cases/program/${example}.ts.txt`));
  });
});
