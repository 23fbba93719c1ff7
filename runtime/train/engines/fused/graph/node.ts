import type { Convolution } from "#compiler/catalog/shapes/convolution.js";
import { areaOf, type FeatureMap, featureMap } from "#compiler/catalog/shapes/feature-map.js";
import type { PoolWindow } from "#compiler/catalog/shapes/pool.js";

/**
 * The computation of a training step as a graph of values. Nodes are immutable, and equal ones are the same object, so
 * that what the backward pass has in common with the forward pass is computed once.
 */
export interface Node {
  readonly op: Operation;
  readonly inputs: readonly Node[];
  /** What the operation is told beside its inputs: a constant, the name of a layer. */
  readonly parameters: readonly (number | string)[];
  readonly extent: Extent;
  /** Values per sample of a `feature` node; 1 for others. */
  readonly width: number;
  /** How they lie: a vector is a map of one place. */
  readonly map: FeatureMap;
  /** What slides over the map, of operations that need to know. */
  readonly windows?: Windows;
  /** In the order of creation: inputs come first. */
  readonly id: number;
}

/** The map that windows slide over, and how. */
export type Windows = { readonly convolution: Convolution } | { readonly pool: PoolWindow; readonly input: FeatureMap };

/** Whether there is a value for the whole batch, for each sample, or for each feature of each sample. */
export type Extent = "batch" | "sample" | "feature";

/** Leaves: inputs of a step. `mask` and `bias` are the same for every sample, `share` is 1 / batch, `importance` that times the weight of the class. */
export type Leaf =
  "samples" | "target" | "share" | "importance" | "levels" | "weightScale" | "rangeFactor" | "mask" | "bias" | "literal" | "index";

export type Elementwise =
  | "add"
  | "multiply"
  | "divide"
  | "reciprocal"
  | "offset"
  | "scale"
  | "abs"
  | "squareRoot"
  | "clamp"
  | "round"
  | "floor"
  | "powerBelow"
  | "exp"
  | "equal"
  /** The first input where the second is above zero, else zero. */
  | "gate"
  /** Its first input; gradients take another way, or none. */
  | "straightThrough"
  | "constant";

export type Reduction = "featureSum" | "featureMax" | "batchSum";

/** Matrix products: sums of a layer, the gradient by its input, the gradient by its weights. */
export type Product = "product" | "inputGradient" | "weightGradient";

/** Convolutions and pooling, with their gradients by the map and by the filters. */
export type Sliding =
  | "convolve"
  | "convolveGradient"
  | "kernelGradient"
  | "maxPool"
  | "maxPoolGradient"
  | "sumPool"
  | "sumPoolGradient"
  /** Flattening from channels last to channel-major, and back. */
  | "toVector"
  | "fromVector";

export type Operation = Leaf | Elementwise | Reduction | Product | Sliding;

const slidingOperations: ReadonlySet<Operation> = new Set<Sliding>([
  ...([
    "convolve",
    "convolveGradient",
    "kernelGradient",
    "maxPool",
    "maxPoolGradient",
    "sumPool",
    "sumPoolGradient",
    "toVector",
    "fromVector",
  ] as const),
]);

export const isProduct = ({ op }: Node): boolean => op === "product" || op === "inputGradient" || op === "weightGradient";
export const isSliding = ({ op }: Node): boolean => slidingOperations.has(op);
export const isReduction = ({ op }: Node): boolean => op === "featureSum" || op === "featureMax" || op === "batchSum";

const order: readonly Extent[] = ["batch", "sample", "feature"];
export const isWider = (one: Extent, other: Extent): boolean => order.indexOf(one) > order.indexOf(other);

/** Of samples of this shape. Sequences lie down: one row, so that loops over columns have something to do. */
export function mapOf(shape: readonly number[]): FeatureMap {
  const map = featureMap(shape) ?? vectorOf(shape.reduce((size, extent) => size * extent, 1));
  return shape.length === 2 ? lying(map) : map;
}

/** With rows and columns exchanged. */
export const lying = <T extends { readonly height: number; readonly width: number }>(size: T): T => ({
  ...size,
  height: size.width,
  width: size.height,
});

/** Makes nodes by hash-consing: equal nodes are one object. */
export interface NodeTable {
  /** The extent and the map are those of the widest input unless given. */
  make(op: Operation, inputs: readonly Node[], parameters?: Node["parameters"], size?: Size): Node;
}

export type Size = Pick<Node, "extent" | "map" | "windows">;

/** Of a node with so many features in no particular place. */
export const vectorOf = (width: number): FeatureMap => ({ height: 1, width: 1, channels: width });

export function nodeTable(): NodeTable {
  const known = new Map<string, Node>();
  return {
    make: (op, inputs, parameters = [], { extent, map, windows } = widest(inputs)) => {
      const key = [op, inputs.map(({ id }) => id), parameters, extent, Object.values(map), JSON.stringify(windows)].join("|");
      const width = areaOf(map) * map.channels;
      const found = known.get(key) ?? { op, inputs, parameters, extent, width, map, ...(windows && { windows }), id: known.size };
      known.set(key, found);
      return found;
    },
  };
}

function widest(inputs: readonly Node[]): Size {
  const { extent, map } = inputs.reduce((best, input) => (isWider(input.extent, best.extent) ? input : best));
  return { extent, map };
}
