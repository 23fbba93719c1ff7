import type { Graph } from "#compiler/catalog/graph.js";
import type { Convolution } from "#compiler/catalog/shapes/convolution.js";
import { areaOf, type FeatureMap } from "#compiler/catalog/shapes/feature-map.js";
import { pooled, type PoolWindow } from "#compiler/catalog/shapes/pool.js";
import type { LayerId } from "#compiler/ir/network.js";
import { isSliding, lying, type Node, type NodeTable, type Sliding, vectorOf } from "./node.js";

/** The operations of layers and norms, as recorders: what `forward` does on them becomes the graph. */
export interface Tracer extends Graph<Node> {
  readonly table: NodeTable;
  /** The int8 samples, as whole numbers. */
  samples(map: FeatureMap): Node;
  levels(layer: LayerId, units: number, inputs: number): Node;
  /** The scale of this layer's weights. */
  weightScale(layer: LayerId): Node;
  /** The power of two that a fixed range multiplies the sums of this layer by. */
  rangeFactor(layer: LayerId): Node;
  /** The biases of this layer, at every position of its map. */
  bias(layer: LayerId, map: FeatureMap): Node;
  /** The mask of this layer: a factor for each output, at every position of its map. */
  mask(layer: LayerId, map: FeatureMap): Node;
  share(): Node;
  importance(): Node;
  /** The target distribution. */
  target(width: number): Node;
  /** 0, 1, 2 … along the features. */
  index(width: number): Node;
  exp(input: Node): Node;
  /** 1 where both are equal, else 0. */
  equal(left: Node, right: Node): Node;
  gate(value: Node, condition: Node): Node;
  featureSum(input: Node): Node;
  batchSum(input: Node): Node;
}

const sample = { extent: "sample", map: vectorOf(1) } as const;
const batch = { extent: "batch", map: vectorOf(1) } as const;
const feature = (width: number) => ({ extent: "feature", map: vectorOf(width) }) as const;

export function tracer(table: NodeTable): Tracer {
  const { make } = table;
  const featureSum = (input: Node): Node => make("featureSum", [input], [], sample);
  const batchSum = (input: Node): Node => make("batchSum", [input], [], batch);
  const share = (): Node => make("share", [], [], sample);
  const multiply = (left: Node, right: Node): Node => make("multiply", [left, right]);
  const pool = (op: Sliding, input: Node, given: PoolWindow): Node => {
    const window = given.height > input.map.height ? lying(given) : given;
    return make(op, [input], [], { extent: "feature", map: pooled(input.map, window), windows: { pool: window, input: input.map } });
  };
  /** As the input lies. */
  const oriented = (geometry: Convolution, { map }: Node): Convolution => {
    const { input, output, kernel, padding } = geometry;
    if (input.height === map.height && input.width === map.width) return geometry;
    return {
      ...geometry,
      input: lying(input),
      output: lying(output),
      kernel: lying(kernel),
      padding: { top: padding.left, left: padding.top },
    };
  };
  const featureMean = (input: Node): Node => make("scale", [featureSum(input)], [1 / input.width]);
  return {
    table,
    samples: (map) => make("samples", [], [], { extent: "feature", map }),
    levels: (layer, units, inputs) => make("levels", [], [layer, units], feature(inputs)),
    weightScale: (layer) => make("weightScale", [], [layer], batch),
    rangeFactor: (layer) => make("rangeFactor", [], [layer], batch),
    bias: (layer, map) => make("bias", [], [layer], { extent: "feature", map }),
    mask: (layer, map) => make("mask", [], [layer], { extent: "feature", map }),
    share,
    importance: () => make("importance", [], [], sample),
    target: (width) => make("target", [], [], feature(width)),
    index: (width) => make("index", [], [], feature(width)),
    literal: (value) => make("literal", [], [value], batch),
    // What slides over maps is made in loops of its own: products read what rows make of it.
    matmul: (input, weights) =>
      make("product", [isSliding(input) ? make("offset", [input], [0]) : input, weights], [], feature(Number(weights.parameters[1]))),
    add: (left, right) => make("add", [left, right]),
    addBias: (input, bias) => make("add", [input, bias]),
    multiply,
    divide: (left, right) => make("divide", [left, right]),
    offset: (input, constant) => make("offset", [input], [constant]),
    scale: (input, factor) => make("scale", [input], [factor]),
    abs: (input) => make("abs", [input]),
    square: (input) => multiply(input, input),
    squareRoot: (input) => make("squareRoot", [input]),
    relu: (input) => make("gate", [input, input]),
    clamp: (input, low, high) => make("clamp", [input], [low, high]),
    round: (input) => make("round", [input]),
    floor: (input) => make("floor", [input]),
    powerBelow: (input) => make("powerBelow", [input]),
    straightThrough: (values, through) => make("straightThrough", [values, through]),
    constant: (input) => make("constant", [input]),
    exp: (input) => make("exp", [input]),
    equal: (left, right) => make("equal", [left, right]),
    gate: (value, condition) => make("gate", [value, condition]),
    featureSum,
    featureMean,
    featureMax: (input) => make("featureMax", [input], [], sample),
    batchSum,
    mean: (input) => batchSum(multiply(featureMean(input), share())),
    // Only to have all features of a sample reduced together, which they are in any shape.
    reshape: (input) => input,
    images: {
      convolve: (input, weights, geometry) => {
        const convolution = oriented(geometry, input);
        return make("convolve", [input, weights], [], { extent: "feature", map: convolution.output, windows: { convolution } });
      },
      maxPool: (input, window) => pool("maxPool", input, window),
      sumPool: (input, window) => pool("sumPool", input, window),
      // Samples come channel by channel.
      flatten: (input) =>
        areaOf(input.map) === 1
          ? input
          : make(input.op === "samples" ? "samples" : "toVector", input.op === "samples" ? [] : [input], [], feature(input.width)),
    },
  };
}
