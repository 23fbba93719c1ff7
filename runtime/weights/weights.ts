import { impliedClip } from "#compiler/catalog/codebook/codebook.js";
import { catalog } from "#compiler/catalog/index.js";
import type { PreparedStep } from "#compiler/data/conversions.js";
import { definitionOf, networkHash } from "#compiler/ir/hash.js";
import { biasLayers, fixedLayers, type Layer, type LayerId, type Network, weightedLayers } from "#compiler/ir/network.js";
import type { Occupancies, Occupancy } from "#compiler/ir/occupancy.js";
import { sizeOf } from "#compiler/ir/types.js";
import type { LayerWeights, Weights } from "#compiler/ir/weights.js";
import type { Known } from "#compiler/plan/plan.js";
import { mostShift, quantizeWeights } from "#compiler/catalog/integers.js";
import { Failure } from "../failure.js";
import { readBytes, writeFile } from "../host.js";
import { readSafetensors, type Tensor, type TensorFile, writeSafetensors } from "./safetensors.js";

/** Where weights come from: what `__metadata__` says. A file made elsewhere may say nothing. */
export interface Provenance {
  readonly epochs?: number;
  readonly seed?: number;
  /** Values of params and settings that are not those of the model file, as `--set` gives them. */
  readonly set?: Readonly<Record<string, string>>;
  readonly dataset?: string;
  /** The names of the classes, in the order of the logits. */
  readonly classes?: readonly string[];
  /** How samples became inputs, step by step: what firmware has to do. */
  readonly preparation?: readonly string[];
  /** The same as data: samples that the weights are shown are prepared by it. */
  readonly steps?: readonly PreparedStep[];
  /** How full the values of layers were in training, by layer: estimates of cycles go by it. */
  readonly occupancies?: Occupancies;
  /** The file of another program that they were read from. */
  readonly importedFrom?: string;
  /** Shares of the test set: of the float model with fake quantization, and of the integer model that ships. */
  readonly floatAccuracy?: number;
  readonly integerAccuracy?: number;
}

export interface LoadedWeights {
  readonly weights: Weights;
  readonly provenance: Provenance;
}

type Weighted = ReturnType<typeof weightedLayers>[number];

/** Writes a safetensors file: `<layer>.weight` and `<layer>.clip`, latent and float32, with their provenance. */
export function saveWeights(network: Network, { weights, provenance }: LoadedWeights, path: string): void {
  writeFile(path, writeSafetensors({ tensors: tensorsOf(weights), metadata: metadataOf(network, provenance) }));
}

/** Reads a weights file or a checkpoint; a `Failure` names the layer that does not fit. */
export function loadWeights(network: Network, path: string): LoadedWeights {
  const file = readSafetensors(readBytes(path, "check the path, or train the model first"), path);
  return { weights: weightsOf(network, file, path), provenance: parseProvenance(file.metadata) };
}

/** Where the weights in a file come from, whichever network they belong to. */
export const loadProvenance = (path: string): Provenance =>
  parseProvenance(readSafetensors(readBytes(path, "check the path, or train the model first"), path).metadata);

export function tensorsOf(weights: Weights): Map<string, Tensor> {
  return new Map(
    [...weights].flatMap(([id, { shape, values, clip }]): [string, Tensor][] => {
      if (clip.length === 0) return [[constantsName(id, shape), { shape, values }]];
      return [
        [`${id}.weight`, { shape, values }],
        [`${id}.clip`, { shape: clip.length === 1 ? [] : [clip.length], values: clip }],
      ];
    }),
  );
}

/** What a file calls the bias of a layer, `dense1.bias`, and the shift of a fixed range, `relu1.shift`. */
const constantsName = (id: LayerId, shape: readonly number[]): string => (shape.length === 0 ? `${id}.shift` : id);

/** What ties a file to its network. */
export const identityOf = (network: Network): Readonly<Record<string, string>> => ({
  network: networkHash(network),
  definition: definitionOf(network).join("\n"),
  formats: JSON.stringify(Object.fromEntries(weightedLayers(network).map(({ id, weights }) => [id, weights.quantizer]))),
});

/** The `__metadata__` of a weights file. */
export const metadataOf = (network: Network, provenance: Provenance): Readonly<Record<string, string>> => ({
  ...identityOf(network),
  ...printProvenance(provenance),
});

/** The weights of `network` in a file; throws a `Failure` when they belong to another one or do not fit. */
export function weightsOf(network: Network, file: TensorFile, path: string): Weights {
  checkIdentity(network, file.metadata, path);
  const layers = weightedLayers(network);
  checkNoStrangers(network, layers, file, path);
  return new Map<LayerId, LayerWeights>([
    ...layers.map((layer) => [layer.id, layerWeights(layer, file, path)] as const),
    ...[...biasLayers(network), ...fixedLayers(network)].map((layer) => [layer.id, layerConstants(layer, file, path)] as const),
  ]);
}

function layerConstants({ id, constants: shape = [] }: Layer, { tensors }: TensorFile, path: string): LayerWeights {
  const name = constantsName(id, shape);
  const tensor = tensors.get(name);
  if (tensor === undefined) throw new Failure(`${path} has no ${name}`, "use the weights of this model, or train it again");
  if (tensor.shape.join() !== shape.join())
    throw new Failure(
      `${path}: ${name} is [${tensor.shape.join(", ")}], but the model needs [${shape.join(", ")}]`,
      "use the weights of this model",
    );
  checkFinite(tensor, name, path);
  const [shift] = tensor.values;
  if (shape.length === 0 && !(Number.isInteger(shift) && shift! >= 0 && shift! <= mostShift))
    throw new Failure(`${path}: ${name} is ${shift}`, `a shift is a whole number from 0 to ${mostShift}`);
  return { shape, values: tensor.values, clip: new Float32Array(0) };
}

function checkIdentity(network: Network, metadata: Readonly<Record<string, string>>, path: string): void {
  if (metadata["network"] === undefined || metadata["network"] === networkHash(network)) return;
  const theirs = (metadata["definition"] ?? "").split("\n");
  const ours = definitionOf(network);
  const line = Math.max(
    0,
    ours.findIndex((text, i) => text !== theirs[i]),
  );
  throw new Failure(
    `${path} belongs to another network than ${network.name}: it has \`${theirs[line] ?? "nothing"}\` where the model has \`${ours[line]}\``,
    "train the model again, or use the model and parameters that the weights were trained with",
  );
}

function checkNoStrangers(network: Network, layers: readonly Weighted[], { tensors }: TensorFile, path: string): void {
  const stranger = [...tensors.keys()].find((name) => name.endsWith(".weight") && !layers.some(({ id }) => name === `${id}.weight`));
  if (stranger === undefined) return;
  throw new Failure(
    `${path} has weights for ${stranger.slice(0, -".weight".length)}, a layer that ${network.name} does not have`,
    `its layers with weights are ${layers.map(({ id }) => id).join(", ")}: rename the tensors, or use the weights of this model`,
  );
}

function layerWeights({ id, weights: { shape, quantizer: format } }: Weighted, { tensors }: TensorFile, path: string): LayerWeights {
  const tensor = tensors.get(`${id}.weight`);
  if (tensor === undefined)
    throw new Failure(`${path} has no weights for ${id}: there is no ${id}.weight`, "use the weights of this model");
  if (tensor.shape.join() !== shape.join()) {
    throw new Failure(
      `${path}: the weights of ${id} are [${tensor.shape.join(", ")}], but the model needs [${shape.join(", ")}]`,
      "use the weights of this model, or train it again",
    );
  }
  checkFinite(tensor, `${id}.weight`, path);
  const quantizer = catalog.quantizers[format]!;
  return { shape, values: tensor.values, clip: impliedClip(quantizer, tensor.values) ?? givenClip(id, shape, tensors, path) };
}

function givenClip(id: string, shape: readonly number[], tensors: TensorFile["tensors"], path: string): Float32Array {
  const clip = tensors.get(`${id}.clip`);
  if (clip === undefined)
    throw new Failure(`${path}: there is no ${id}.clip`, "write the clipping scalar of the layer, or one for each output");
  if (sizeOf(clip.shape) !== 1 && sizeOf(clip.shape) !== shape[0]) {
    throw new Failure(`${path}: ${id}.clip has ${sizeOf(clip.shape)} values`, `write 1 for the layer, or ${shape[0]}: one for each output`);
  }
  checkFinite(clip, `${id}.clip`, path);
  const wrong = clip.values.find((value) => value <= 0);
  if (wrong !== undefined) throw new Failure(`${path}: ${id}.clip holds ${wrong}`, "clipping scalars are above zero");
  return clip.values;
}

function checkFinite({ values }: Tensor, name: string, path: string): void {
  const wrong = values.find((value) => !Number.isFinite(value));
  if (wrong !== undefined) throw new Failure(`${path}: ${name} holds ${wrong}`, "train again with a lower rate");
}

function printProvenance({
  epochs,
  seed,
  set,
  dataset,
  classes,
  preparation = [],
  steps,
  occupancies,
  importedFrom,
  floatAccuracy,
  integerAccuracy,
}: Provenance): Record<string, string> {
  const entries = {
    epochs,
    seed,
    set: set && JSON.stringify(set),
    dataset,
    classes: classes && JSON.stringify(classes),
    preparation: preparation.length === 0 ? undefined : JSON.stringify(preparation),
    steps: steps && JSON.stringify(steps),
    occupancies: occupancies && JSON.stringify(Object.fromEntries(occupancies)),
    imported_from: importedFrom,
    float_accuracy: floatAccuracy,
    integer_accuracy: integerAccuracy,
  };
  return Object.fromEntries(Object.entries(entries).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])));
}

function parseProvenance(metadata: Readonly<Record<string, string>>): Provenance {
  const { epochs, seed, set, dataset, classes, preparation, steps, occupancies, imported_from, float_accuracy, integer_accuracy } =
    metadata;
  return {
    ...number("epochs", epochs),
    ...number("seed", seed),
    ...(set === undefined ? {} : { set: parseSet(set) }),
    ...(dataset === undefined ? {} : { dataset }),
    ...(classes === undefined ? {} : { classes: texts(classes) }),
    ...(preparation === undefined ? {} : { preparation: texts(preparation) }),
    ...(steps === undefined ? {} : parseSteps(steps)),
    ...(occupancies === undefined ? {} : parseOccupancies(occupancies)),
    ...(imported_from === undefined ? {} : { importedFrom: imported_from }),
    ...number("floatAccuracy", float_accuracy),
    ...number("integerAccuracy", integer_accuracy),
  };
}

/** What `read` makes of JSON; nothing of what is none, or of another shape: provenance that others wrote is left out, not refused. */
function fromJson<T>(text: string, read: (value: unknown) => T | undefined): T | undefined {
  try {
    return read(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** What is no object of texts sets nothing. */
const parseSet = (text: string): Readonly<Record<string, string>> =>
  fromJson(text, (value) =>
    Object.fromEntries(Object.entries(value as object).filter((entry): entry is [string, string] => typeof entry[1] === "string")),
  ) ?? {};

/** A list that is none of steps says nothing of them. */
function parseSteps(text: string): Pick<Provenance, "steps"> {
  const isStep = ({ name, arguments: settings, constants = {} }: PreparedStep): boolean =>
    typeof name === "string" && typeof settings === "object" && Object.values(constants).every((values) => values.every(Number.isFinite));
  return (
    fromJson(text, (value) => ((value as readonly PreparedStep[]).every(isStep) ? { steps: value as readonly PreparedStep[] } : {})) ?? {}
  );
}

/** What is no table of shares and digits says nothing of them. */
function parseOccupancies(text: string): Pick<Provenance, "occupancies"> {
  const isOccupancy = ({ active, digits }: Occupancy): boolean => active >= 0 && active <= 1 && digits >= 0 && digits <= 8;
  const read = (value: unknown): Pick<Provenance, "occupancies"> => {
    const table = Object.entries(value as Readonly<Record<string, Occupancy>>);
    return table.every(([, each]) => isOccupancy(each)) ? { occupancies: new Map(table) } : {};
  };
  return fromJson(text, read) ?? {};
}

/** What planning may know of trained weights. */
export const knownOf = (
  network: Network,
  { weights, provenance: { occupancies } }: LoadedWeights,
): Pick<Known, "levels" | "occupancies"> => ({
  levels: quantizeWeights(network, weights),
  ...(occupancies === undefined ? {} : { occupancies }),
});

/** A JSON list of texts; what somebody else wrote there is one text. */
const texts = (written: string): readonly string[] =>
  fromJson(written, (list) =>
    Array.isArray(list) && list.every((text) => typeof text === "string") ? (list as readonly string[]) : undefined,
  ) ?? [written];

/** Provenance is for people: what is no number is left out rather than refused. */
const number = <K extends string>(key: K, text: string | undefined): Partial<Record<K, number>> =>
  text === undefined || !Number.isFinite(Number(text)) ? {} : ({ [key]: Number(text) } as Record<K, number>);
