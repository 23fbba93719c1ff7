import { elementBytes } from "../../ir/plan.js";
import { convRows, type ConvRows } from "./conv-rows.js";
import { type Convolution, convolutionOf, isPadded } from "../../catalog/shapes/convolution.js";
import { areaOf } from "../../catalog/shapes/feature-map.js";
import { poolWindow } from "../../catalog/shapes/pool.js";
import { cTypes, type Job, mayOverlay } from "../contract.js";
import { wideShift } from "../../catalog/wide.js";

/** The operations that kernels for convolutions take as one step. */
export const convolutionRuns: readonly (readonly string[])[] = ["conv", "dwconv", "conv1d"].flatMap((op) =>
  [[], ["relu"], ["maxpool"], ["maxpool", "relu"]].map((tail) => [op, ...tail]),
);

/** Strides of the loops over windows, in elements of the input. */
export interface WindowSteps {
  /** From one output row, output and window to the next, and where each of them ends. */
  readonly steps: { readonly band: number; readonly corner: number; readonly line: number; readonly window: number };
  readonly ends: { readonly band: number; readonly corner: number; readonly line: number; readonly window: number };
  /** Whether several windows are one output. */
  readonly pooled: boolean;
}

/** The context of the template conv-windows, which all direct convolutions share. */
export interface ConvWindows extends ConvRows, WindowSteps {
  readonly in: string;
  readonly out: string;
  readonly about: string;
  /** Taps of one input channel. */
  readonly taps: number;
  /** Whether each window is gathered first, with zero padding (im2col of one window); else its values are read in place. */
  readonly gathered: boolean;
  /** Where each tap lies, from the window's first; in the copy, one after the other. */
  readonly places: readonly { readonly tap: number; readonly at: number; readonly plus: string }[];
  readonly deep: boolean;
  readonly depth: number;
  readonly area: number;
  readonly planesEnd: number;
  readonly relu: boolean;
  readonly shift: number;
  readonly edges: { readonly top: number; readonly bottom: number; readonly left: number; readonly right: number; readonly first: number };
  readonly height: number;
  readonly width: number;
  readonly rows: number;
  readonly columns: number;
  readonly stride: number;
}

/** How many windows a channel takes, for estimates. */
export const windowsOf = ({ layers, reads }: Job): number => areaOf(convolutionOf(layers[0]!, reads.shape).output);

/** Filters beyond 5x5 are not unrolled: the code would be longer than a loop saves. */
const mostUnrolled = 25;

/** Undefined where the step cannot be one: windows that are copied are not pooled at once. */
export function convWindows(job: Job): ConvWindows | undefined {
  const geometry = convolutionOf(job.layers[0]!, job.reads.shape);
  const { input, output, kernel, stride, padding, depth } = geometry;
  const taps = kernel.height * kernel.width;
  const gathered = isPadded(geometry) || taps > mostUnrolled;
  const steps = stepsOf(job);
  // A `relu` within the step shifts by what every `relu` between wide maps does.
  if ((gathered && steps.pooled) || job.writes.element !== "i32") return undefined;
  return {
    ...convRows(job.weights[0]!),
    ...steps,
    in: cTypes[job.stored.reads],
    out: cTypes[job.stored.writes],
    about: aboutOf(job, geometry),
    taps,
    gathered,
    places: placesOf(geometry, gathered),
    deep: depth > 1,
    depth,
    area: areaOf(input),
    planesEnd: depth * areaOf(input),
    relu: job.layers.at(-1)!.op === "relu",
    shift: wideShift,
    edges: {
      top: -padding.top,
      bottom: output.height * stride - padding.top,
      left: -padding.left,
      right: output.width * stride - padding.left,
      first: -padding.top * input.width - padding.left,
    },
    height: input.height,
    width: input.width,
    rows: kernel.height,
    columns: kernel.width,
    stride,
  };
}

export function stepsOf(job: Job): WindowSteps {
  const { input, output, stride } = convolutionOf(job.layers[0]!, job.reads.shape);
  const pool = poolOf(job);
  const [rows, columns] = [Math.floor(output.height / pool.height), Math.floor(output.width / pool.width)];
  const steps = { band: pool.height * stride * input.width, corner: pool.width * stride, line: stride * input.width, window: stride };
  return {
    steps,
    ends: { band: rows * steps.band, corner: columns * steps.corner, line: pool.height * steps.line, window: pool.width * steps.window },
    pooled: pool.height * pool.width > 1,
  };
}

/** The pooling window of the step; 1x1 without a pool. */
export function poolOf({ layers }: Job): { readonly height: number; readonly width: number } {
  const at = layers.findIndex(({ op }) => op === "maxpool");
  return at < 0 ? { height: 1, width: 1 } : poolWindow(layers[at - 1]!.type, Number(layers[at]!.attributes["size"]));
}

function placesOf({ kernel, input }: Convolution, gathered: boolean): ConvWindows["places"] {
  return Array.from({ length: kernel.height * kernel.width }, (_, tap) => {
    const at = gathered ? tap : Math.floor(tap / kernel.width) * input.width + (tap % kernel.width);
    return { tap, at, plus: at === 0 ? "" : ` + ${at}` };
  });
}

/** As comments say it. */
export function sayPool(job: Job): string {
  const { height, width } = poolOf(job);
  return `the largest of ${height} x ${width}`;
}

function aboutOf(job: Job, { kernel, depth, input, stride }: Convolution): string {
  const tail = job.layers.slice(1).map(({ op }) => (op === "maxpool" ? sayPool(job) : `relu >> ${wideShift}`));
  const strides = stride === 1 ? "" : `, stride ${stride}`;
  const planes = depth === 1 ? "" : `, ${depth} channels of it`;
  return [`${kernel.height} x ${kernel.width} windows of ${input.height} x ${input.width} values${planes}${strides}`, ...tail].join(
    ", then ",
  );
}

/**
 * Whether one channel may be written over the one that is read: no output ends beyond where a later window begins. Windows
 * are taken in order and each output is written after its own.
 */
export function overlaysInput(job: Job): boolean {
  const { layers, reads, stored } = job;
  const geometry = convolutionOf(layers[0]!, reads.shape);
  const { output, input, stride, padding, depth } = geometry;
  const pool = poolOf(job);
  if (depth > 1 || !mayOverlay(stored.reads, stored.writes)) return false;
  const columns = Math.floor(output.width / pool.width);
  const count = columns * Math.floor(output.height / pool.height);
  return Array.from({ length: Math.max(0, count - 1) }, (_, i) => i + 1).every((next) => {
    const row = Math.max(0, Math.floor(next / columns) * pool.height * stride - padding.top);
    const column = Math.max(0, (next % columns) * pool.width * stride - padding.left);
    return next * elementBytes[stored.writes] <= (row * input.width + column) * elementBytes[stored.reads];
  });
}
