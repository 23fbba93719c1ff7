import { sizeOf } from "../../ir/types.js";
import { sayPool, stepsOf, type WindowSteps } from "../channelwise/conv-windows.js";
import { type Convolution, convolutionOf, isPadded } from "../../catalog/shapes/convolution.js";
import { areaOf } from "../../catalog/shapes/feature-map.js";
import { type Job, onesOf, rescales } from "../contract.js";

/**
 * Convolutions that mix all channels, with the `relu` that requantizes, as implicit im2col: every window is the input of a dense
 * layer, read in place; its values that differ from the zero point are listed, and their weights accumulated for all outputs at once.
 */
export interface MixedWindows extends WindowSteps {
  readonly about: string;
  /** Whether its range is fixed; else it is rescaled by its maximum. */
  readonly fixed: boolean;
  readonly geometry: Convolution;
  /** How many windows there are. */
  readonly windows: number;
  /** Values of one output channel, and of all. */
  readonly area: number;
  readonly count: number;
}

/** The operations that these kernels take as one step. */
export const windowRuns: readonly (readonly string[])[] = ["conv", "conv1d"].flatMap((op) =>
  [["relu"], ["maxpool", "relu"], ["bias", "relu"], ["maxpool", "bias", "relu"]].map((tail) => [op, ...tail]),
);

/** Undefined for depthwise and grouped convolutions, and where there is padding. */
export function mixedWindows(job: Job): MixedWindows | undefined {
  const { layers, reads, writes } = job;
  const fixed = writes.element !== "i32" && writes.range === "fixed";
  if (reads.element === "i32" || !(rescales(job) || fixed) || onesOf(job) !== undefined) return undefined;
  const geometry = convolutionOf(layers[0]!, reads.shape);
  const { input, output, kernel, stride, depth } = geometry;
  if (depth !== input.channels || isPadded(geometry)) return undefined;
  const count = sizeOf(writes.shape);
  const about = [
    `${kernel.height} x ${kernel.width} windows of ${input.channels} x ${input.height} x ${input.width} values${stride === 1 ? "" : `, stride ${stride}`}`,
    ...(layers.some(({ op }) => op === "maxpool") ? [sayPool(job)] : []),
    fixed ? "shifted by a constant" : "rescaled",
  ].join(", then ");
  return { ...stepsOf(job), about, fixed, geometry, windows: areaOf(output), area: count / output.channels, count };
}

/** Values of a window over all channels. */
export const valuesOf = ({ geometry: { depth, kernel } }: MixedWindows): number => depth * kernel.height * kernel.width;
