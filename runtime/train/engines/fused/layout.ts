import { catalog } from "#compiler/catalog/index.js";
import { decisionsOf } from "#compiler/catalog/codebook/codebook.js";
import { areaOf, type FeatureMap } from "#compiler/catalog/shapes/feature-map.js";
import type { Quantizer } from "#compiler/catalog/codebook/quantizer.js";
import { biasLimit, biasUnit } from "#compiler/catalog/integers.js";
import { biasLayers, fixedLayers, type LayerId, layerOf, type Network, weightedLayers } from "#compiler/ir/network.js";
import { sizeOf } from "#compiler/ir/types.js";
import { isProduct, mapOf, type Node } from "./graph/node.js";
import { type KernelPlace, kernelPlaces } from "./kernels.js";
import type { ScratchPlane } from "./planes.js";
import { operandsOf, type Schedule } from "./schedule.js";

/**
 * Where everything lies in the one memory of an engine, in bytes. Rows of matrices are padded to whole vectors of four
 * floats, and their number to a multiple of four; the padding always holds zeros.
 */
export interface Layout {
  readonly bytes: number;
  readonly layers: ReadonlyMap<LayerId, LayerPlace>;
  readonly biases: ReadonlyMap<LayerId, BiasPlace>;
  /** Float32: what the sums of each layer of a fixed range are multiplied by, a power of two. */
  readonly factors: ReadonlyMap<LayerId, number>;
  /** The levels of layers that slide over maps, once more. */
  readonly kernels: ReadonlyMap<LayerId, KernelPlace>;
  /** The weights of all layers, then each slot of the optimizer: blocks of `blockBytes`, alike inside. */
  readonly latent: number;
  readonly slots: readonly number[];
  readonly blockBytes: number;
  /** Float32 numbers of the step, for the optimizer. */
  readonly constants: number;
  /** The totals of sums over the batch. */
  readonly totals: ReadonlyMap<Node, number>;
  /** The first frame: what one shard of the batch works on; the next is `frame.bytes` later. */
  readonly frames: number;
  readonly frame: Frame;
}

/** Where what is trained lies: the weights of a layer, or its biases, one to a row. */
export interface LatentPlace {
  readonly id: LayerId;
  readonly units: number;
  readonly inputs: number;
  /** Of a row of float32 weights. */
  readonly stride: number;
  /** In a block of weights, slots or gradients. */
  readonly offset: number;
  /** Float32: what a level of 1 is worth. */
  readonly weightScale: number;
}

export interface BiasPlace extends LatentPlace {
  /** Of the layer whose sums they are added to. */
  readonly source: LayerPlace;
  /** What its biases are multiples of, in levels. */
  readonly step: number;
  /** The largest magnitude. */
  readonly limit: number;
  readonly map: FeatureMap;
  /** Integers as float32, as the sums lie: for each four channels, for each place, four lanes. */
  readonly values: number;
}

export interface LayerPlace extends LatentPlace {
  readonly quantizer: Quantizer;
  /** Integer levels as float32, [units, inputs]. */
  readonly levels: number;
  /** The same as int16 for the forward product: panels of eight units, inputs in pairs. */
  readonly packed: number;
  /** Float64, for each row: full scale by clipping scalar. */
  readonly gains: number;
  /** Float32: the gradient by the logarithm of the clipping scalar, in levels, where it is learned. */
  readonly growth: number;
  /** Of a layer whose outputs have masks. */
  readonly mask?: MaskPlace;
  /** The decision thresholds of the format, float64, and its levels in ascending order, float32. */
  readonly thresholds: number;
  readonly ascending: number;
}

/** Float32. */
export interface MaskPlace {
  readonly map: FeatureMap;
  /** The factors as the outputs lie: for each four channels, for each place, four lanes. */
  readonly factors: number;
  /** For each output, the gradient by the logarithm of its factor. */
  readonly slopes: number;
}

/** A matrix with one row for each sample of a shard. */
export interface Rows {
  readonly offset: number;
  readonly stride: number;
}

export interface Frame {
  readonly bytes: number;
  /** Samples at most, a multiple of four. */
  readonly rows: number;
  /** One gradient block, as the weights. */
  readonly gradient: number;
  /** Int8, in each arrangement that is read. */
  readonly samples: ReadonlyMap<Node, Rows>;
  /** Float32, [rows, classes]: target distributions. */
  readonly targets: Rows;
  /** One float32 for each sample: shares and the reductions that are kept. */
  readonly columns: ReadonlyMap<Node["op"] | Node, number>;
  /** Float32, one row per sample: products and what products read. Of maps, four channels after the other, place by place. */
  readonly floats: ReadonlyMap<Node, Rows>;
  /** What windows slide over while one sample is worked on. */
  readonly scratch: ReadonlyMap<ScratchPlane, number>;
  /** The gradients by kernels, arranged as these are while windows slide. */
  readonly kernelGradients: ReadonlyMap<Node, number>;
  /** Int16, what forward products read. */
  readonly integers: ReadonlyMap<Node, Rows>;
  /** The shard's part of a sum over the batch. */
  readonly parts: ReadonlyMap<Node, number>;
}

/** Hands out addresses, one after the other. */
function allocator(start: number): { take(bytes: number): number; readonly used: () => number } {
  // A cache line: threads that write to neighbouring things do not wait for each other.
  const alignment = 64;
  let next = start;
  return {
    take: (bytes) => {
      const address = next;
      next = Math.ceil((next + bytes) / alignment) * alignment;
      return address;
    },
    used: () => next,
  };
}

/** To whole vectors of four; also rows are worked on by fours. */
export const padded = (count: number): number => Math.ceil(count / 4) * 4;

export interface LayoutTask {
  readonly network: Network;
  /** Everything that is computed, in whichever program. */
  readonly schedules: readonly Schedule[];
  readonly outputs: readonly Node[];
  readonly slots: number;
  readonly shards: number;
  /** Samples of a shard at most. */
  readonly rows: number;
  /** Layers whose outputs have masks; none by default. */
  readonly masked?: ReadonlySet<LayerId>;
}

export function layoutOf(task: LayoutTask): Layout {
  const { take, used } = allocator(64);
  const places = layerPlaces(task, take);
  const biases = biasPlaces(task.network, places, take);
  const shifted = fixedLayers(task.network);
  const factors = new Map(shifted.map(({ id }) => [id, take(4)]));
  const kernels = kernelPlaces(task.network, nodesOf(task), places, take);
  const blockBytes = endOf([...places.values(), ...biases.values()]);
  const latent = take(blockBytes);
  const slots = Array.from({ length: task.slots }, () => take(blockBytes));
  const constants = take(4 * 64);
  const batchSums = nodesOf(task).filter(({ op }) => op === "batchSum");
  const totals = new Map(batchSums.map((node) => [node, take(4)]));
  const frame = frameOf(task, kernels, blockBytes, batchSums);
  const frames = take(frame.bytes * task.shards);
  return { bytes: used(), layers: places, biases, factors, kernels, latent, slots, blockBytes, constants, totals, frames, frame };
}

function layerPlaces({ network, masked }: LayoutTask, take: (bytes: number) => number): ReadonlyMap<LayerId, LayerPlace> {
  let offset = 0;
  const maskOf = (map: FeatureMap): MaskPlace => ({
    map,
    factors: take(4 * padded(map.channels) * areaOf(map)),
    slopes: take(4 * map.channels),
  });
  const places = weightedLayers(network).map(({ id, type, weights: { shape, quantizer: name } }): [LayerId, LayerPlace] => {
    const quantizer = catalog.quantizers[name]!;
    const [units, inputs] = [shape[0]!, sizeOf(shape.slice(1))];
    const stride = 4 * padded(inputs);
    const bytes = stride * padded(units);
    const { thresholds, codes } = decisionsOf(quantizer);
    const place: LayerPlace = {
      ...{ id, quantizer, units, inputs, stride, offset },
      levels: take(bytes),
      packed: take(bytes / 2),
      gains: take(8 * units),
      weightScale: take(4),
      growth: take(4),
      ...(masked?.has(id) && { mask: maskOf(mapOf(type.shape)) }),
      thresholds: take(8 * thresholds.length),
      ascending: take(4 * codes.length),
    };
    offset += bytes;
    return [id, place];
  });
  return new Map(places);
}

/** Bytes of a block that places take. */
const endOf = (places: readonly LatentPlace[]): number =>
  places.reduce((end, { offset, stride, units }) => Math.max(end, offset + stride * padded(units)), 0);

function biasPlaces(
  network: Network,
  layers: ReadonlyMap<LayerId, LayerPlace>,
  take: (bytes: number) => number,
): ReadonlyMap<LayerId, BiasPlace> {
  let offset = endOf([...layers.values()]);
  const places = biasLayers(network).map(({ id, type, constants, inputs }): [LayerId, BiasPlace] => {
    const [units, map] = [constants[0]!, mapOf(type.shape)];
    const source = layerOf(network, inputs[0]!);
    const stride = 16;
    const place: BiasPlace = {
      ...{ id, units, inputs: 1, stride, offset, map, source: layers.get(source.id)! },
      step: biasUnit(network, source),
      limit: biasLimit(network, source),
      weightScale: take(4),
      values: take(4 * padded(map.channels) * areaOf(map)),
    };
    offset += stride * padded(units);
    return [id, place];
  });
  return new Map(places);
}

const nodesOf = ({ schedules }: LayoutTask): readonly Node[] => [
  ...new Set(
    schedules.flatMap(({ groups, columns }) => [
      ...groups
        .flat()
        .flatMap((stage) =>
          stage.kind === "rows" ? [...stage.stores, ...stage.reductions] : stage.kind === "products" ? stage.products : stage.nodes,
        ),
      ...columns,
    ]),
  ),
];

function frameOf(task: LayoutTask, kernels: Layout["kernels"], blockBytes: number, batchSums: readonly Node[]): Frame {
  const { take, used } = allocator(0);
  const { rows, schedules, outputs } = task;
  const nodes = nodesOf(task);
  const matrix = (stride: number): Rows => ({ offset: take(stride * rows), stride });
  const products = nodes.filter(isProduct);
  const read = products.flatMap((product) =>
    operandsOf(product).map((operand, i) => ({ operand, exact: product.op === "product" && i === 0 })),
  );
  const floats = new Set([
    ...products.filter(({ op }) => op !== "weightGradient"),
    ...read.filter(({ exact }) => !exact).map(({ operand }) => operand),
    ...nodes.filter(({ op }) => op === "fromVector").flatMap(operandsOf),
    ...schedules.flatMap(({ kept }) => [...kept]),
    ...outputs.filter(({ extent }) => extent === "feature"),
  ]);
  /** The maps that a vector is made from or becomes: it has room for their last four channels. */
  const mapsOf = (node: Node): readonly Node[] =>
    node.op === "toVector" ? node.inputs : nodes.filter(({ op, inputs }) => op === "fromVector" && inputs[0] === node);
  const roomFor = (node: Node): number => Math.max(...[node, ...mapsOf(node)].map(({ map }) => padded(map.channels) * areaOf(map)));
  const planes = schedules.flatMap(({ groups }) => groups.flat().flatMap((stage) => (stage.kind === "planes" ? stage.planes : [])));
  const integers = new Set(read.filter(({ exact }) => exact).map(({ operand }) => operand));
  const columns = ["share", "importance", ...schedules.flatMap((schedule) => schedule.columns)] as const;
  const frame = {
    rows,
    gradient: take(blockBytes),
    samples: new Map(
      schedules.flatMap(({ samples }) => samples).map((node) => [node, matrix(padded(node.map.channels) * areaOf(node.map))]),
    ),
    targets: matrix(4 * padded(sizeOf(layerOf(task.network, task.network.result).type.shape))),
    columns: new Map([...new Set(columns)].map((column) => [column, take(4 * rows)])),
    floats: new Map([...floats].map((node) => [node, matrix(strideOf(roomFor(node)))])),
    integers: new Map([...integers].map((node) => [node, matrix(2 * padded(node.width))])),
    scratch: new Map(planes.map((plane) => [plane, take(4 * plane.height * plane.width * plane.channels)])),
    kernelGradients: new Map(
      nodes.filter(({ op }) => op === "kernelGradient").map((node) => [node, take(kernels.get(String(node.parameters[0]))!.forward.bytes)]),
    ),
    parts: new Map(batchSums.map((node) => [node, take(4)])),
  };
  return { ...frame, bytes: used() };
}

/** Rows a power of two apart would compete for the same few lines of the cache when one column is read. */
const strideOf = (width: number): number => {
  const bytes = 4 * padded(width);
  return bytes % 512 === 0 ? bytes + 64 : bytes;
};
