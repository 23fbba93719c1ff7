import type { Layer } from "../../ir/network.js";
import { convolutionOf, isPadded } from "../../catalog/shapes/convolution.js";
import type { FeatureMap } from "../../catalog/shapes/feature-map.js";
import { type CodedWeights, type Job, rescales, type Table } from "../contract.js";
import { wideShift } from "../../catalog/wide.js";

/** Depthwise chains of a certain form: consecutive 3x3 depthwise convolutions with `relu` and max pooling. */
export interface ChannelStages {
  readonly channels: number;
  /** Output channels that read the same channel of the input. */
  readonly share: number;
  readonly input: FeatureMap;
  readonly stages: readonly Stage[];
}

/** A stage of a chain: a convolution, perhaps max pooling of 2x2 windows, then `relu`. */
export interface Stage {
  /** Of the convolution's output; where a pool follows, without what fills no window. */
  readonly rows: number;
  readonly columns: number;
  readonly pooled: boolean;
  /** The static right shift of `relu`; 0 at the last one, which requantizes by the maximum. */
  readonly shift: number;
  /** Where its last layer is in the job. */
  readonly end: number;
}

/** Undefined where a job is something else. */
export function channelStages(job: Job): ChannelStages | undefined {
  const { layers, reads, weights } = job;
  if (reads.element === "i32" || !rescales(job)) return undefined;
  const stages: Stage[] = [];
  let shape = reads.shape;
  let rest = layers;
  while (rest.length > 0) {
    const taken = stageFrom(rest, shape, stages.length === 0);
    if (taken === undefined) return undefined;
    stages.push({ ...taken.stage, end: layers.length - rest.length + taken.count - 1 });
    shape = rest[taken.count - 1]!.type.shape;
    rest = rest.slice(taken.count);
  }
  const { input, share } = convolutionOf(layers[0]!, reads.shape);
  return { channels: weights[0]!.rows, share, input, stages };
}

/** A convolution, a pool unless it is the first of several, `relu`; how many layers these are. */
function stageFrom(
  [convolution, ...others]: readonly Layer[],
  shape: readonly number[],
  first: boolean,
): { readonly stage: Omit<Stage, "end">; readonly count: number } | undefined {
  if (convolution?.weights === undefined || shape.length !== 3) return undefined;
  const geometry = convolutionOf(convolution, shape);
  const { output, kernel, stride, depth, share } = geometry;
  const plain = kernel.height === 3 && kernel.width === 3 && stride === 1 && !isPadded(geometry) && depth === 1;
  const pooled = others[0]?.op === "maxpool";
  const relu = others[pooled ? 1 : 0];
  const last = others.length === (pooled ? 2 : 1);
  if (!plain || relu?.op !== "relu" || (relu.type.element !== "i32") !== last) return undefined;
  if ((pooled && ((first && !last) || others[0]!.attributes["size"] !== 2)) || (!first && share !== 1)) return undefined;
  const even = (count: number): number => (pooled ? count - (count % 2) : count);
  return { stage: { rows: even(output.height), columns: even(output.width), pooled, shift: last ? 0 : wideShift }, count: pooled ? 3 : 2 };
}

/** The integer weights of each convolution, as they are: a byte each where levels are small enough. */
export const stageTables = (weights: readonly CodedWeights[]): readonly Table[] => [
  ...weights.map(({ layer, quantizer: { levels }, codes }): Table => ({
    name: layer,
    element: levelElement(levels),
    values: Array.from(codes, (code) => levels[code]!),
  })),
  spreadTable(weights[0]!),
];

/** What the positive weights of each kernel sum up to, and the negative ones: how far its sums can reach. */
export function spreadTable({ codes, quantizer: { levels } }: CodedWeights): Table {
  const kernels = Array.from({ length: codes.length / 9 }, (_, at) =>
    Array.from(codes.subarray(at * 9, at * 9 + 9), (code) => levels[code]!),
  );
  const sumOf = (kernel: readonly number[], sign: number): number => kernel.reduce((sum, weight) => sum + Math.max(0, sign * weight), 0);
  return { name: "spread", element: "uint16_t", values: kernels.flatMap((kernel) => [sumOf(kernel, 1), sumOf(kernel, -1)]) };
}

export const levelElement = (levels: readonly number[]): "int8_t" | "int16_t" =>
  levels.every((level) => level >= -128 && level < 128) ? "int8_t" : "int16_t";
