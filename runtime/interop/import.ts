import { impliedClip, meanMagnitude, quantize } from "#compiler/catalog/codebook/codebook.js";
import { catalog } from "#compiler/catalog/index.js";
import { codesPerWord, wordsPerRow } from "#compiler/catalog/codebook/packing.js";
import type { Application } from "#compiler/ir/application.js";
import type { Quantizer } from "#compiler/catalog/codebook/quantizer.js";
import { biasLayers, fixedLayers, type LayerId, type Network, weightedLayers } from "#compiler/ir/network.js";
import { sizeOf } from "#compiler/ir/types.js";
import type { LayerWeights } from "#compiler/ir/weights.js";
import { exitCodes, Failure } from "../failure.js";
import { readBytes } from "../host.js";
import { readSafetensors, type TensorFile } from "../weights/safetensors.js";
import type { FloatWeights } from "./calibrate.js";
import { fileKind } from "./file-kind.js";
import { type PackedLayer, readPackedHeader } from "./header/packed-header.js";
import { type NamedTensor, readCheckpoint } from "./torch/checkpoint.js";

/** Weights from elsewhere, and for people which layer each came from. */
export interface Imported extends FloatWeights {
  readonly remarks: readonly string[];
  /** Whether shifts of fixed ranges, and the biases' units, are still to be found: see `withRanges`. */
  readonly calibrates: boolean;
}

type Weighted = ReturnType<typeof weightedLayers>[number];

/**
 * Reads the weights of another program for a network: a PyTorch checkpoint, a safetensors file or a header of packed
 * integers, told apart by their content. Layers are matched in order; formats and shapes must be those of the network. Layers without a
 * clipping scalar are clipped as early checkpoints were trained, or else by `clip`. Throws a `Failure` that names the layers.
 */
export function importWeights(network: Network, path: string, clip?: Application): Imported {
  const bytes = readBytes(path, "give a PyTorch checkpoint (.pth), a .safetensors file or an exported header (.h)");
  const found = fileKind(bytes);
  switch (found.kind) {
    case "archive":
      return fromCheckpoint(network, readCheckpoint(path), path, clip);
    case "safetensors":
      return fromCheckpoint(network, namedTensors(readSafetensors(bytes, path)), path, clip);
    case "text":
      return fromHeader(network, readPackedHeader(new TextDecoder("latin1").decode(bytes), path), path);
    case "foreign":
      throw new Failure(`${path} is ${found.name}`, found.remedy);
  }
}

/** The order of a safetensors file says nothing: layers are taken in the order of their names, `fc2` before `fc10`. */
const namedTensors = ({ tensors }: TensorFile): readonly NamedTensor[] =>
  [...tensors]
    .map(([name, { shape, values }]) => ({ name: name.replace(/\.clip$/, ".s"), shape, values }))
    .sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));

function fromHeader(network: Network, layers: readonly PackedLayer[], path: string): Imported {
  const pairs = paired(network, layers, path);
  return {
    weights: new Map(pairs.map(([layer, packed]) => [layer.id, ofLevels(layer, packed, path)])),
    biases: new Map(),
    calibrates: lacksRanges(network),
    remarks: pairs.map(
      ([layer, { name, quantizer }]) => `${layer.id}: ${name}, ${quantizer} [${layer.weights.shape.join(", ")}], exact levels`,
    ),
  };
}

/** Latent weights that are the levels themselves: with the clip at full scale, quantizing gives them back. */
function ofLevels({ id, weights: { shape, quantizer: format } }: Weighted, packed: PackedLayer, path: string): LayerWeights {
  if (packed.quantizer !== format) {
    throw new Failure(
      `${path}: ${packed.name} is ${packed.quantizer}, but ${id} is ${format}`,
      `write \`weights: ${packed.quantizer}\` for ${id}`,
      exitCodes.rejected,
    );
  }
  const quantizer = catalog.quantizers[format]!;
  const levels =
    withoutFillers(packed, shape, codesPerWord(quantizer.packing) * wordsPerRow(quantizer.packing, sizeOf(shape.slice(1)))) ??
    misshapen(id, shape, packed, path);
  const values = Float32Array.from(levels);
  const clip = impliedClip(quantizer, values) ?? Float32Array.of(quantizer.fullScale);
  const back = quantize(quantizer, { values, rows: shape[0]!, clip });
  if (back.some((level, i) => level !== levels[i])) {
    throw new Failure(
      `${path}: the weights of ${packed.name} cannot be had as ${format}: its centre is that of the weights, and they are all alike`,
      `give ${id} a format that is not centred`,
      exitCodes.rejected,
    );
  }
  return { shape, values, clip };
}

/** The levels of a shape; rows of a dense layer may be stored with fillers up to `stored` columns. */
function withoutFillers({ shape, levels }: PackedLayer, wanted: readonly number[], stored: number): Int32Array | undefined {
  if (shape.join() === wanted.join()) return levels;
  const [rows, columns] = wanted as readonly [number, number];
  if (wanted.length !== 2 || shape.join() !== [rows, stored].join()) return undefined;
  const kept = new Int32Array(rows * columns);
  for (let row = 0; row < rows; row++) kept.set(levels.subarray(row * stored, row * stored + columns), row * columns);
  return kept;
}

function fromCheckpoint(network: Network, tensors: readonly NamedTensor[], path: string, clip?: Application): Imported {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const held = tensors.filter(({ name }) => name.endsWith(".weight"));
  const known = new Set(held.flatMap(({ name }) => [name, clipName(name), biasName(name)]));
  const shifts = tensors.filter(({ name }) => name.endsWith(".shift"));
  const stranger = tensors.find((tensor) => !known.has(tensor.name) && !shifts.includes(tensor));
  if (stranger !== undefined) {
    throw new Failure(
      `${path} has ${stranger.name} [${stranger.shape.join(", ")}], which no layer of bnmc has`,
      "layers have weights, a clipping scalar and biases, no masks: train without them",
      exitCodes.rejected,
    );
  }
  const pairs = paired(network, held, path);
  const weights = new Map<string, LayerWeights>();
  const remarks: string[] = [];
  for (const [layer, tensor] of pairs) {
    const scalar = byName.get(clipName(tensor.name));
    weights.set(layer.id, ofTensor(layer, tensor, scalar, path, clip));
    const quantizer = catalog.quantizers[layer.weights.quantizer]!;
    const origin =
      scalar === undefined && quantizer.scale === "clip" ? `no clipping scalar: ${sayRule(quantizer, clip)}` : "clipped as it was trained";
    remarks.push(`${layer.id}: ${tensor.name}, ${layer.weights.quantizer} [${tensor.shape.join(", ")}], ${origin}`);
  }
  const biases = biasesOf(network, pairs, byName, path);
  const ranges = fixedLayers(network);
  if (ranges.length !== shifts.length) return { weights, biases, remarks, calibrates: lacksRanges(network) };
  // A file of bnmc has all that there is.
  const noClip = new Float32Array(0);
  ranges.forEach(({ id }, i) => weights.set(id, { shape: [], values: shifts[i]!.values, clip: noClip }));
  for (const { id, constants: shape } of biasLayers(network))
    weights.set(id, { shape, values: biases.get(id) ?? new Float32Array(shape[0]!), clip: noClip });
  return { weights, biases, remarks, calibrates: false };
}

const lacksRanges = (network: Network): boolean => fixedLayers(network).length + biasLayers(network).length > 0;

/** The biases of a file by the layers that add them; one that no layer adds is refused. */
function biasesOf(
  network: Network,
  pairs: readonly (readonly [Weighted, NamedTensor])[],
  byName: ReadonlyMap<string, NamedTensor>,
  path: string,
): ReadonlyMap<LayerId, Float32Array> {
  const found = new Map<LayerId, Float32Array>();
  for (const [{ id }, { name }] of pairs) {
    const bias = byName.get(biasName(name));
    if (bias === undefined) continue;
    const layer = biasLayers(network).find(({ inputs }) => inputs[0] === id);
    if (layer === undefined)
      throw new Failure(
        `${path} has ${bias.name} [${bias.shape.join(", ")}], but ${id} has no bias`,
        `write \`range: fixed\` and \`bias: yes\` for ${id}`,
        exitCodes.rejected,
      );
    if (bias.values.length !== layer.constants[0]) return misshapen(id, layer.constants, bias, path);
    checkNumbers(bias, path, Number.isFinite);
    found.set(layer.id, bias.values);
  }
  return found;
}

const sayRule = ({ proportion }: Quantizer, clip: Application | undefined): string =>
  proportion === undefined
    ? `clipped by ${clip!.name}`
    : `clipped at the mean magnitude / ${proportion}, as checkpoints without scalars were trained`;

const biasName = (weight: string): string => weight.replace(/\.weight$/, ".bias");

const clipName = (weight: string): string => weight.replace(/\.weight$/, ".s");

function ofTensor(
  { id, weights: { shape, quantizer: format } }: Weighted,
  tensor: NamedTensor,
  scalar: NamedTensor | undefined,
  path: string,
  rule?: Application,
): LayerWeights {
  if (tensor.shape.join() !== shape.join()) return misshapen(id, shape, tensor, path);
  const rows = shape[0]!;
  checkNumbers(tensor, path, Number.isFinite);
  if (scalar !== undefined) checkNumbers(scalar, path, (value) => Number.isFinite(value) && value > 0);
  if (scalar !== undefined && scalar.values.length !== 1 && scalar.values.length !== rows) {
    throw new Failure(
      `${path}: ${scalar.name} has ${scalar.values.length} values, but ${id} has ${rows} outputs`,
      "there is one clipping scalar for a layer, or one for each of its outputs",
      exitCodes.rejected,
    );
  }
  const quantizer = catalog.quantizers[format]!;
  const clip = impliedClip(quantizer, tensor.values) ?? scalar?.values ?? clipBy(rule, rows, quantizer, tensor, path);
  return { shape, values: tensor.values, clip };
}

function clipBy(
  rule: Application | undefined,
  rows: number,
  quantizer: Quantizer,
  { name, values }: NamedTensor,
  path: string,
): Float32Array {
  if (quantizer.proportion !== undefined) return Float32Array.of(meanMagnitude(values) / quantizer.proportion);
  if (rule === undefined) {
    throw new Failure(
      `${path} has no clipping scalar ${clipName(name)}`,
      "add a train statement to the model: its `clip` rule will say where the weights are cut off",
      exitCodes.rejected,
    );
  }
  return catalog.clips[rule.name]!.clipOf(rule.arguments, values, rows, quantizer);
}

function checkNumbers({ name, values }: NamedTensor, path: string, good: (value: number) => boolean): void {
  const wrong = values.find((value) => !good(value));
  if (wrong !== undefined) throw new Failure(`${path}: ${name} holds ${wrong}`, "train it again with a lower rate");
}

/** The layers with weights beside those of the file, in order. */
function paired<T extends { readonly name: string; readonly shape: readonly number[] }>(
  network: Network,
  found: readonly T[],
  path: string,
): readonly (readonly [Weighted, T])[] {
  const layers = weightedLayers(network);
  if (layers.length !== found.length) {
    throw new Failure(
      `${path} has weights for ${count(found.length)}, but ${network.name} has ${layers.length}`,
      `the file: ${found.map(({ name, shape }) => `${name} [${shape.join(", ")}]`).join(", ") || "none"}\nthe model: ${layers.map(({ id, weights }) => `${id} [${weights.shape.join(", ")}]`).join(", ") || "none"}`,
      exitCodes.rejected,
    );
  }
  return layers.map((layer, i) => [layer, found[i]!]);
}

const count = (layers: number): string => (layers === 1 ? "one layer" : `${layers} layers`);

function misshapen(
  id: string,
  shape: readonly number[],
  found: { readonly name: string; readonly shape: readonly number[] },
  path: string,
): never {
  throw new Failure(
    `${path}: ${found.name} is [${found.shape.join(", ")}], but ${id} needs [${shape.join(", ")}]`,
    "give the layers of the model the widths of the file; the first is the number of outputs",
    exitCodes.rejected,
  );
}
