import { sizeOf } from "../../ir/types.js";
import { stepsOf, type WindowSteps } from "../channelwise/conv-windows.js";
import { type Convolution, convolutionOf, isPadded } from "../../catalog/shapes/convolution.js";
import { areaOf } from "../../catalog/shapes/feature-map.js";
import type { Job } from "../contract.js";

/**
 * Convolutions whose kernels see all channels, with the `relu` that rescales, as kernels take them that treat every window as
 * the inputs of a dense layer: those of its values that are not background are listed, and their weights added up for all outputs at once.
 */
export interface MixedWindows extends WindowSteps {
  readonly about: string;
  readonly geometry: Convolution;
  /** How many windows there are. */
  readonly windows: number;
  /** Values of one output channel, and of all. */
  readonly area: number;
  readonly count: number;
}

/** The operations that these kernels take as one step. */
export const windowRuns: readonly (readonly string[])[] = ["conv", "conv1d"].flatMap((op) =>
  [["relu"], ["maxpool", "relu"]].map((tail) => [op, ...tail]),
);

/** Undefined where channels do not meet, and where windows reach over an edge. */
export function mixedWindows(job: Job): MixedWindows | undefined {
  const { layers, reads, writes } = job;
  if (reads.element !== "i8" || writes.element !== "i8") return undefined;
  const geometry = convolutionOf(layers[0]!, reads.shape);
  const { input, output, kernel, stride, depth } = geometry;
  if (depth !== input.channels || isPadded(geometry)) return undefined;
  const count = sizeOf(writes.shape);
  const pool = layers.find(({ op }) => op === "maxpool");
  const about = [
    `${kernel.height} x ${kernel.width} windows of ${input.channels} x ${input.height} x ${input.width} values${stride === 1 ? "" : `, stride ${stride}`}`,
    ...(pool === undefined ? [] : [`the largest of ${String(pool.attributes["size"])} x ${String(pool.attributes["size"])}`]),
    "rescaled",
  ].join(", then ");
  return { ...stepsOf(job), about, geometry, windows: areaOf(output), area: count / output.channels, count };
}

/** Values that a window has. */
export const valuesOf = ({ geometry: { depth, kernel } }: MixedWindows): number => depth * kernel.height * kernel.width;
