import { type Bounds, hull } from "../catalog/shapes/bounds.js";
import { nibblesOf, perWord } from "../kernels/nibbles.js";
import { type Layer, type LayerId, type Network } from "../ir/network.js";
import { elementBytes, type StoredElement } from "../ir/plan.js";
import { elementRange, type Range, sizeOf } from "../ir/types.js";
import { isReadBy, valuesOf } from "./jobs.js";
import type { DepthwiseChain } from "./lower.js";

/** How a tensor is stored. */
export interface Stored {
  readonly element: StoredElement;
  /** Elements: of one channel, when only the next layers of the chain read it; those that pad nibbles included. */
  readonly count: number;
  readonly channelwise: boolean;
  readonly bytes: number;
}

/** What is asked of the tensors of a network. */
export interface Tensors {
  readonly network: Network;
  /** The layers that compute something, in order of execution. */
  readonly layers: readonly Layer[];
  chainOf(id: LayerId): DepthwiseChain | undefined;
}

/** How every kernel reads and writes the output of a layer: the narrowest storage that its proved interval allows. */
export function storage({ network, layers, chainOf }: Tensors, layer: Layer, bounds: Bounds): Stored {
  const chain = chainOf(layer.id);
  const readers = layers.filter((reader) => isReadBy(network, layer.id, reader));
  const isResult = valuesOf(network, network.result) === layer.id;
  const channelwise = chain !== undefined && !isResult && readers.every(({ id }) => chainOf(id) === chain);
  // Only channelwise kernels read narrow tensors: between kernels of whole tensors accumulators stay i32.
  const narrows = chain !== undefined && !isResult && readers.every(({ id }) => chainOf(id) !== undefined);
  const element = layer.type.element !== "i32" ? "i8" : narrows ? narrowest(bounds) : "i32";
  const size = sizeOf(layer.type.shape);
  return stored(element, channelwise ? size / chain.channels : size, channelwise);
}

/** The output of a layer in nibbles: activations that have room in them, which the next layer alone reads. Undefined for all others. */
export function nibbleStorage({ network, layers }: Tensors, layer: Layer, { channelwise }: Stored): Stored | undefined {
  const at = layers.indexOf(layer);
  const readers = layers.filter((reader) => isReadBy(network, layer.id, reader));
  const next = layers[at + 1];
  const onward = at >= 0 && readers.length === 1 && readers[0] === next && next!.inputs.length === 1;
  const { element, shape } = layer.type;
  if (!onward || channelwise || element === "i32" || valuesOf(network, network.result) === layer.id) return undefined;
  const { low, high } = elementRange(element);
  const { pixels, words } = nibblesOf(shape);
  return low === 0 && high <= 15 ? stored("u4", pixels * words * perWord, false) : undefined;
}

const stored = (element: StoredElement, count: number, channelwise: boolean): Stored => ({
  ...{ element, count, channelwise },
  bytes: count * elementBytes[element],
});

const limits: readonly (readonly [StoredElement, number, number])[] = [
  ["i8", -128, 127],
  ["i16", -32_768, 32_767],
  ["u16", 0, 65_535],
];

function narrowest(bounds: Bounds): StoredElement {
  const { low, high } = rangeOf(bounds);
  return limits.find(([, least, most]) => low >= least && high <= most)?.[0] ?? "i32";
}

/** The interval of all values of a tensor. */
export function rangeOf(bounds: Bounds): Range {
  const { low, high } = hull(bounds);
  return { low: low[0]!, high: high[0]! };
}
