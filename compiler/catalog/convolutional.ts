import type { TensorType } from "../ir/types.js";
import { type Bounds, weightedSumBounds } from "./shapes/bounds.js";
import { convolution, type Convolution, type ConvolutionSettings, convolve, kernelShape, tapsOf } from "./shapes/convolution.js";
import { featureMap, type FeatureMap, shapeLike } from "./shapes/feature-map.js";
import type { LayerDefinition, LayerReach, Needs } from "./layer.js";
import { choice, count, optional, type Parameters } from "./parameter.js";
import { weightedParameters } from "./weighted.js";

const windows = {
  kernel: optional(count("Kernel size: height and width of a filter; its length in a sequence."), 3),
  stride: optional(count("Stride in rows and columns."), 1),
  padding: optional(choice(["valid", "same"], "Zero padding: none (`valid`), or as much as keeps the size at stride 1 (`same`)."), "valid"),
};

/** The parameters of depthwise convolutions. */
export const depthwiseParameters = { ...windows, ...weightedParameters };

/** The parameters of convolutions that mix channels. */
export const convolutionParameters = {
  channels: count("Output channels."),
  ...windows,
  groups: optional(count("Groups of a grouped convolution: a filter sees only the input channels of its group."), 1),
  ...weightedParameters,
};

type Attributes = Readonly<Record<string, unknown>>;
type Behaviour = Pick<
  LayerDefinition<Parameters>,
  "infer" | "images" | "reads" | "weights" | "channelwise" | "train" | "reference" | "exact" | "bounds"
>;

/**
 * The behaviour that all convolutions share: an entry states the rank of the shapes that it takes and maps its attributes to
 * those of a convolution.
 */
export function convolutional<A extends Attributes>(
  rank: 2 | 3,
  settingsOf: (input: FeatureMap, attributes: A) => ConvolutionSettings,
): Behaviour {
  const geometryOf = ({ shape }: TensorType, attributes: Attributes): Convolution => {
    const map = featureMap(shape)!;
    return convolution(map, settingsOf(map, attributes as A))!;
  };
  return {
    images: true,
    reads: (attributes) => (readsSums(attributes) ? "i32" : "activations"),
    infer: ([input], attributes) => {
      const unfit = misfit(input!, rank, attributes);
      if (unfit !== undefined) return unfit;
      const map = featureMap(input!.shape)!;
      const settings = settingsOf(map, attributes as A);
      const geometry = convolution(map, settings);
      const { groups, channels, kernel } = settings;
      if (map.channels % groups !== 0 || channels % groups !== 0)
        return { needs: `channels, its own ${channels} and those of its input, that ${groups} groups divide` };
      if (geometry === undefined)
        return { needs: `at least ${kernel.height} rows${rank === 3 ? ` and ${kernel.width} columns` : ""}`, remedy: "or `padding: same`" };
      return { ...input!, element: "i32", shape: shapeLike(input!.shape, geometry.output) };
    },
    weights: (input, attributes) => kernelShape(geometryOf(input, attributes)),
    channelwise: ({ inputTypes }, attributes) => {
      const { depth, share } = geometryOf(inputTypes[0]!, attributes);
      return { planes: depth, every: share };
    },
    train: (on, { inputs: [input], weights, inputTypes: [type] }, attributes) =>
      on.images!.convolve(input!, weights!, geometryOf(type!, attributes)),
    reference: (run, attributes) => convolve(geometryOf(run.inputTypes[0]!, attributes), run.inputs[0]!, run.weights),
    exact: (on, { inputs: [input], weights, inputTypes: [type] }, attributes) =>
      on.convolve(input!, weights, geometryOf(type!, attributes)),
    bounds: (reach, attributes) => boundsOf(geometryOf(reach.inputTypes[0]!, attributes), reach),
  };
}

/** Without a norm sums are read as they are, wide; those of a fixed range are narrowed by a constant shift. */
const readsSums = ({ norm, range }: Attributes): boolean => norm === "none" && range !== "fixed";

function misfit({ element, shape }: TensorType, rank: 2 | 3, attributes: Attributes): Needs | undefined {
  if (shape.length !== rank) {
    const needs = rank === 3 ? "an image [height, width, channels]" : "a sequence [length, channels]";
    if (shape.length === rank - 1) return { needs, remedy: `write the input as [${[...shape, 1].join(", ")}]` };
    return { needs, remedy: rank === 3 ? "put it before `flatten`" : "`conv` and `dwconv` take images" };
  }
  if (element === "i32" && !readsSums(attributes)) return { needs: "activations", remedy: "put `relu` before it: it requantizes sums" };
  return undefined;
}

function boundsOf(geometry: Convolution, { inputs: [input], weights }: LayerReach): Bounds {
  const { depth, share, kernel } = geometry;
  const area = kernel.height * kernel.width;
  const channelOf = (row: number, column: number): number => Math.floor(row / share) * depth + Math.floor(column / area);
  return weightedSumBounds(input!, [geometry.output.channels, tapsOf(geometry)], weights, channelOf);
}
