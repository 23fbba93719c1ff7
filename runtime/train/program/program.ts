import { decisionsOf, smallestClip } from "#compiler/catalog/codebook/codebook.js";
import { catalog } from "#compiler/catalog/index.js";
import type { Application } from "#compiler/ir/application.js";
import type { Quantizer } from "#compiler/catalog/codebook/quantizer.js";
import type { TrainSettings } from "#compiler/catalog/statements/train.js";
import type { PreparedDataset } from "#compiler/data/dataset.js";
import { renderer } from "#compiler/emit/render.js";
import { commentSafe } from "#compiler/emit/text.js";
import type { Templates } from "#compiler/ir/emission.js";
import { biasLayers, fixedLayers, type Layer, type LayerId, layerOf, type Network, weightedLayers } from "#compiler/ir/network.js";
import { biasLimit, biasUnit, isSum, weightedBefore } from "#compiler/catalog/integers.js";
import { saturationOf } from "#compiler/catalog/requantize.js";
import { type Activation, sizeOf } from "#compiler/ir/types.js";
import { npy } from "../../evaluate/npy.js";
import { exitCodes, Failure } from "../../failure.js";
import { metadataOf } from "../../weights/weights.js";
import { optimizerOf, sharesOf, type Stepping } from "../averaging.js";
import { calibratesAt, calibrationSamples, triedShifts, worthwhile } from "../calibration.js";
import { classWeightsOf } from "../loss.js";
import { originOf } from "../origin.js";
import { maskedAt } from "../pruning.js";
import { initialState } from "../state.js";
import { checkStages, networkAt, type Stages } from "../trained-network.js";
import { hasImages, imageFunctions } from "./image-text.js";
import { constantName, networkText, numberText } from "./network-text.js";
import { optimizerText } from "./optimizer-text.js";

export interface ProgramTask {
  readonly network: Network;
  readonly settings: TrainSettings;
  /** Of the variant, as `--set` gives it. */
  readonly set: Readonly<Record<string, string>>;
  readonly data: PreparedDataset;
  readonly templates: Templates;
  /** Of bnmc. */
  readonly version: string;
  /** What to type to get the program again. */
  readonly command: string;
}

/**
 * The training of a network as a program of its own, on tfjs: its files by their paths, with the samples and the first
 * weights beside it. It takes the steps of `bnmc train --engine tfjs` on plain samples; throws a `Failure` for what it
 * cannot say.
 */
export function trainingProgram(task: ProgramTask): ReadonlyMap<string, string | Uint8Array> {
  const { network, settings, data, version } = task;
  checkSayable(network, settings);
  const { layers } = initialState(network, settings, settings.seed);
  return new Map<string, string | Uint8Array>([
    ["train.ts", programText(task)],
    ["package.json", packageText(network.name, version)],
    ["data/metadata.json", `${JSON.stringify(metadataOf(network, originOf(task, settings.epochs)), undefined, 2)}\n`],
    ...(["train", "test"] as const).flatMap((part): [string, Uint8Array][] => [
      [`data/${part}-samples.npy`, npy(data[part].values, [data[part].count, data[part].size])],
      [`data/${part}-labels.npy`, npy(data[part].labels, [data[part].count])],
    ]),
    ...[...layers].map(([id, { weights, shape }]): [string, Uint8Array] => [`data/${id}.npy`, npy(weights, shape)]),
  ]);
}

/** What decides the weights must not be left out silently. */
function checkSayable(network: Network, settings: TrainSettings): void {
  checkStages(network, settings);
  const [left] = [...(maskedAt(network, settings, 0).size > 0 ? ["prune"] : []), ...(settings.teachers.length === 0 ? [] : ["teachers"])];
  if (left !== undefined)
    throw new Failure(`a program has no text for \`${left}\``, "leave it out, or train the model with bnmc", exitCodes.rejected);
  const ofSample = weightedLayers(network).find(({ inputs, attributes }) => attributes["range"] !== "fixed" && isSum(network, inputs[0]!));
  if (ofSample !== undefined && fixedLayers(network).length > 0)
    throw new Failure(
      `a program has no text for \`range: fixed\` beside the \`range: sample\` of ${ofSample.id}`,
      "give all layers the same `range`, or train the model with bnmc",
      exitCodes.rejected,
    );
}

/** Functions of the program that only some networks call. */
const helpers = ["constant", "straightThrough", "within", "powerBelow"] as const;

function programText({ network, settings, data, templates, version, command }: ProgramTask): string {
  const render = renderer(templates);
  const part = (family: string, { name, arguments: given }: Application, view: object = {}): string => {
    const path = `program/${family}/${name}.ts.hbs`;
    if (!templates.has(path))
      throw new Failure(
        `bnmc has no text for \`${name}\` in a program`,
        `use one of its other ${family}, or train it with bnmc`,
        exitCodes.rejected,
      );
    return render(path, { ...given, ...view }).trimEnd();
  };
  const { optimizer, rate, clip, epochs, batch, seed, balance, smoothing, average } = settings;
  const formats = new Map(weightedLayers(network).map(({ id }) => [id, formatsOf(network, settings, id)]));
  const progresses = [...formats.values()].some(({ length }) => length > 1);
  const stepping = optimizerOf(settings);
  const { lines, results } = networkText(network, settings.sparsity);
  const [biases, ranges] = [biasLayers(network), fixedLayers(network)];
  // Clipping scalars do not decay.
  const unspoilt = { ...optimizer, arguments: { ...optimizer.arguments, decay: 0 } };
  const rule = catalog.clips[clip.name]!;
  const until = rule.until(clip.arguments);
  const perOutput = clip.arguments["per"] === "output";
  const { shape } = network.layers[0]!.type;
  return render("program/train.ts.hbs", {
    title: network.name,
    madeBy: commentSafe(`bnmc ${version}: ${command}`),
    about: aboutLines(network, data),
    ...{ epochs, batch, seed, until, smallestClip, perOutput, smoothing },
    certain: 1 - smoothing,
    freezes: until < epochs,
    progresses,
    usesEpoch: progresses || until < epochs || ranges.length > 0,
    ships: progresses || average > 0,
    ...{ average, kept: sharesOf(average).old, meanSlot: stepping.slots - 1 },
    formats: [...new Set([...formats.values()].flat().map(({ format }) => format))].map((name) => formatView(catalog.quantizers[name]!)),
    layers: weightedLayers(network).map(({ id, weights }) => ({
      ...{ id, name: constantName(id), shape: weights.shape.join(", "), format: formatName(weights.quantizer) },
      formats: `[${formats
        .get(id)!
        .map(({ from, format }) => `[${from}, ${formatName(format)}]`)
        .join(", ")}]`,
    })),
    biases: biases.map((layer) => biasView(network, layer)),
    ranges: ranges.map(({ id, type: { element } }) => ({ id, name: constantName(id), ...saturationOf(element as Activation) })),
    fewOnes: ranges.some(({ type: { element } }) => saturationOf(element as Activation).ones !== undefined),
    ...{ calibrationSamples, triedShifts, worthwhile },
    calibrated: Array.from({ length: epochs }, (_, epoch) => epoch).filter((epoch) => calibratesAt(epoch, epochs)).length,
    slots: stepping.slots,
    clipSlots: catalog.optimizers[optimizer.name]!.slots,
    network: lines,
    logits: results[0],
    activity: results[1],
    sparsity: settings.sparsity,
    imageFunctions: imageFunctions(lines, render),
    calls: Object.fromEntries(helpers.map((name) => [name, [...lines, ...results].some((line) => line.includes(`${name}(`))])),
    learnsClips: rule.learning !== undefined,
    clipSpeed: rule.learning?.speed(clip.arguments),
    clip: part("clips", clip, {
      ...{ perOutput, smallestClip },
      octav: part("clips", { name: "octav", arguments: {} }),
      constants: part("optimizers", unspoilt),
      update: updateLines({ optimizer: unspoilt, average: 0 }),
    }),
    classWeights: [...classWeightsOf(balance, data.train.labels, data.classes.length)].join(", "),
    constants: part("optimizers", optimizer),
    update: updateLines(settings),
    rate: part("schedules", rate),
    inputs: sizeOf(shape),
    ...(hasImages(network) ? channelsFirst(shape) : { inputShape: shape.join(", "), order: "" }),
  });
}

function biasView(network: Network, layer: Layer): object {
  const source = weightedBefore(network, layer.inputs[0]!);
  const { id, constants } = layer;
  return {
    ...{ id, name: constantName(id), count: constants![0]!, layer: constantName(source.id) },
    ...{ unit: numberText(biasUnit(network, source)), limit: biasLimit(network, source) },
  };
}

/** The formats of a layer, each with the first epoch that has it. */
function formatsOf(
  network: Network,
  { epochs, ...stages }: Stages & Pick<TrainSettings, "epochs">,
  id: LayerId,
): readonly { readonly from: number; readonly format: string }[] {
  const formats = Array.from({ length: epochs }, (_, epoch) => layerOf(networkAt(network, stages, epoch), id).weights!.quantizer);
  return formats.flatMap((format, from, all) => (from > 0 && all[from - 1] === format ? [] : [{ from, format }]));
}

function updateLines(stepping: Stepping): readonly string[] {
  const { lines, results } = optimizerText(stepping);
  return [...lines, `weights[i] = ${results[0]};`, ...results.slice(1).map((text, k) => `memory[${k}][i] = ${text};`)];
}

/** Samples come channel by channel, and tfjs wants channels last; one channel is in either order. */
function channelsFirst(shape: readonly number[]): { readonly inputShape: string; readonly order: string } {
  const channels = shape.at(-1)!;
  if (channels === 1) return { inputShape: shape.join(", "), order: "" };
  const axes = shape.map((_, i) => i + 1);
  return { inputShape: [channels, ...shape.slice(0, -1)].join(", "), order: [0, ...axes.slice(1), 1].join(", ") };
}

const formatName = (quantizer: string): string => constantName(`format_${quantizer}`);

function formatView(quantizer: Quantizer): object {
  const { thresholds } = decisionsOf(quantizer);
  return {
    name: formatName(quantizer.name),
    levels: [...quantizer.levels].sort((a, b) => a - b).join(", "),
    thresholds: [...thresholds].filter(Number.isFinite).join(", "),
    fullScale: quantizer.fullScale,
    centred: quantizer.center === "mean",
    clippedAtMean: quantizer.scale === "mean-magnitude",
  };
}

function aboutLines({ doc }: Network, { origin, augments, train, validate, test }: PreparedDataset): readonly string[] {
  const kept = validate === undefined ? "" : ` (${validate.count} more, for validation, were left out)`;
  return [
    ...(doc.trim() === "" ? [] : [doc.trim().replaceAll("\n", " "), ""]),
    `data/ holds ${train.count} samples to train on and ${test.count} to test${kept}, as the network sees them, and the first weights.`,
    `They are ${origin}.`,
    ...(augments.length === 0 ? [] : ["The model's augmentations are not in this program: every epoch shows the plain samples."]),
  ].map(commentSafe);
}

const packageText = (name: string, version: string): string =>
  `${JSON.stringify(
    {
      name: `${name.toLowerCase().replace(/[^a-z0-9-]/g, "-")}-training`,
      description: `Made by bnmc ${version}`,
      private: true,
      type: "module",
      scripts: { start: "tsx train.ts" },
      dependencies: { "@tensorflow/tfjs": "^4.22.0", tsx: "^4.23.15" },
      devDependencies: { "@types/node": "^20.19.43" },
    },
    undefined,
    2,
  )}\n`;
