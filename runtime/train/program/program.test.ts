import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { networkFrom } from "#compiler/cases/network.js";
import { catalog } from "#compiler/catalog/index.js";
import type { TrainSettings } from "#compiler/catalog/statements/train.js";
import { biasLayers, fixedLayers, inputRange, layerOf, type Network, weightedLayers } from "#compiler/ir/network.js";
import type { Inputs, PreparedDataset } from "#compiler/data/dataset.js";
import { accuracyOf, evaluate } from "../../evaluate/evaluate.js";
import { packageRoot, writeFile } from "../../host.js";
import { loadTemplates } from "../../templates.js";
import { loadWeights } from "../../weights/weights.js";
import { adjustedAt } from "../adjust.js";
import { tfjsEngine } from "../engines/tfjs.js";
import { classWeightsOf } from "../loss.js";
import { engineSource } from "../engine-source.js";
import { shippedWeights } from "../measure.js";
import { initialState } from "../state.js";
import { targetsOf } from "../targets.js";
import { clusters } from "../testing/clusters.js";
import { expectClose } from "../testing/gradients.js";
import { shortTraining } from "../testing/settings.js";
import { clippedAt, networkAt } from "../trained-network.js";
import { trainingProgram } from "./program.js";
import { everyVariant, type Variant } from "./testing/variants.js";

/** Programs are written inside of the package, so that they find its node_modules. */
mkdirSync(join(packageRoot, "build"), { recursive: true });
const folder = mkdtempSync(join(packageRoot, "build/program-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = promisify(execFile);
const tsx = (...words: readonly string[]) =>
  run(process.execPath, [join(packageRoot, "node_modules/tsx/dist/cli.mjs"), ...words], { cwd: folder });
const data = clusters({ features: 12, train: 96, test: 40 });
const templates = loadTemplates();

/** The samples as a network of another input element has them. */
function dataFor(network: Network): PreparedDataset {
  const { low, high } = inputRange(network);
  const narrowed = (inputs: Inputs): Inputs => ({
    ...inputs,
    values: inputs.values.map((value) => Math.floor(((value + 128) * (high - low + 1)) / 256) + low),
  });
  return { ...data, train: narrowed(data.train), test: narrowed(data.test) };
}

/** What a driver finds out about a program. */
interface Findings {
  readonly losses: readonly number[];
  readonly clips: readonly (readonly number[])[];
  /** Weights and clipping scalars that it would save. */
  readonly saved: readonly { readonly weights: readonly number[]; readonly clip: readonly number[] }[];
  readonly biases: readonly (readonly number[])[];
  readonly shifts: readonly number[];
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
  const { biases = {}, layers, meanOf = ({ weights }) => weights, ranges = {}, rateAt, shipped = (layer) => layer, startEpoch, step } = await import(
    "./" + name + "/train.ts"
  );
  const samples = new Int8Array(after(name + "/data/train-samples.npy"));
  const labels = new Uint8Array(after(name + "/data/train-labels.npy"));
  let clips;
  const losses = ${JSON.stringify(steps)}.map((i) => {
    startEpoch(i);
    clips ??= Object.values(layers).map(({ clip }) => [...clip]);
    return step(samples.slice(i * ${batch} * 12, (i + 1) * ${batch} * 12), labels.slice(i * ${batch}, (i + 1) * ${batch}), ${rate});
  });
  const saved = Object.values(layers).map(shipped).map(({ weights, clip }) => ({ weights: [...weights], clip: [...clip] }));
  const added = Object.values(biases).map((bias) => [...meanOf(bias)]);
  const shifts = Object.values(ranges).map(({ shift }) => shift);
  found[name] = { losses, clips, saved, biases: added, shifts, rates: ${JSON.stringify(epochs)}.map(rateAt) };
}
console.log("\\n" + JSON.stringify(found));
`;

function write({ name, network, settings }: Variant): void {
  const files = trainingProgram({
    ...{ network, settings, set: {}, data: dataFor(network), templates, version: "0.0.0" },
    command: "bnmc emit-ts model.bnm",
  });
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
    const training = { network, settings, data: dataFor(network) };
    const { train } = training.data;
    const start = clippedAt(network, settings, initialState(first, settings, settings.seed), 0);
    const classWeights = classWeightsOf(settings.balance, data.train.labels, data.classes.length);
    const source = engineSource(tfjsEngine, { network, ...settings, batch, classWeights });
    let state = start;
    const losses: number[] = [];
    for (const i of steps) {
      const engine = await source.at(i, state);
      engine.load(adjustedAt(training, engine.state(), i));
      const inputs = train.values.subarray(i * batch * 12, (i + 1) * batch * 12);
      const labels = train.labels.subarray(i * batch, (i + 1) * batch);
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
    const shipped = shippedWeights(network, settings, state);
    for (const [k, { id }] of weightedLayers(network).entries()) {
      const { values, clip } = shipped.get(id)!;
      const saved = program.saved[k]!;
      expectClose(saved.weights, values, 1e-3);
      if (catalog.quantizers[layerOf(network, id).weights!.quantizer]!.scale !== "mean-magnitude") expectClose(saved.clip, clip, 1e-3);
    }
    biasLayers(network).forEach(({ id }, k) => expectClose(program.biases[k]!, shipped.get(id)!.values, 1e-3));
    expect(program.shifts).toEqual(fixedLayers(network).map(({ id }) => shipped.get(id)!.values[0]));
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

  test.each(["warm-up", "ranged-long"])(
    "train by themselves to weights that bnmc reads: %s",
    async (wanted) => {
      const { name, network, settings } = everyVariant.find(({ name }) => name === wanted)!;
      const { stdout } = await tsx(`${name}/train.ts`);
      const told = /epoch (\d+)\/\1 {2}loss \d\.\d{4} {2}test (\d+\.\d\d)%/.exec(stdout);
      expect(told?.[1]).toBe(String(settings.epochs));
      const { weights, provenance } = loadWeights(network, join(folder, name, `${network.name}.safetensors`));
      const accuracy = accuracyOf(evaluate(network, weights, data.test, data.classes));
      expect(accuracy).toBeGreaterThan(0.6);
      // Of fixed ranges training computes the integers that ship.
      if (fixedLayers(network).length > 0) expect((100 * accuracy).toFixed(2)).toBe(told![2]);
      const { epochs, seed } = settings;
      expect(provenance).toEqual({
        epochs,
        seed,
        dataset: "clusters",
        classes: data.classes,
        preparation: data.preparation,
        steps: data.steps,
      });
    },
    60_000,
  );

  test("are refused with what they have no text for", () => {
    const { network } = everyVariant[0]!;
    const program = (changes: Partial<TrainSettings>, of = network) =>
      trainingProgram({ network: of, settings: shortTraining(changes), set: {}, data, templates, version: "0.0.0", command: "" });
    expect(() => program({ prune: { name: "masked", arguments: { surplus: 0.5, until: 2, price: 0 } } })).toThrow(/no text for `prune`/);
    const mixed = networkFrom("weights: 8bit range: fixed input i8[12] -> dense(6) -> relu -> dense(6, range: sample) -> relu -> dense(4)");
    expect(() => program({}, mixed)).toThrow(/no text for `range: fixed` beside the `range: sample` of dense2/);
    expect(() => program({ teachers: ["big"] })).toThrow(/no text for `teachers`/);
    expect(() => program({ quantize: { name: "later", arguments: { after: 9, first: "8bit", only: [] } } })).toThrow(
      /does not give all weights the format that ships/,
    );
  });

  test.each([
    ["format-4bitsym", "train"],
    ["image-channels", "train-images"],
    ["by-layer", "train-progressive"],
    ["ranged-leaky", "train-ranged"],
  ])("look as the examples do: %s", async (name, example) => {
    const text = readFileSync(join(folder, name, "train.ts"), "utf8");
    await expect(text).toMatchFileSnapshot(join(packageRoot, `runtime/cases/program/${example}.ts.txt`));
  });
});
