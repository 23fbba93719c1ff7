import { type Convolution, convolutionOf, isPadded } from "../../catalog/shapes/convolution.js";
import { saturate, saturationOf } from "../../catalog/requantize.js";
import type { Ones } from "../../ir/types.js";
import { poolOf } from "../channelwise/conv-windows.js";
import type { Job } from "../contract.js";
import { halfOf } from "../requantize/bias-table.js";
import { fit, type FittingChannels } from "./lane-channels.js";

/** How many rows of a map a word holds, and bits of each lane. */
export interface Lanes {
  readonly count: 1 | 2 | 3 | 4;
  readonly bits: 8 | 10 | 16 | 32;
}

const choices: readonly Lanes[] = [
  { count: 4, bits: 8 },
  { count: 3, bits: 10 },
  { count: 2, bits: 16 },
  { count: 1, bits: 32 },
];

export interface LanePlan extends FittingChannels {
  readonly geometry: Convolution;
  readonly pool: number;
  readonly lanes: Lanes;
  /** Of pooled rows: how many a lane has, and where each lane begins; those of the last ones may overlap. */
  readonly levels: number;
  readonly starts: readonly number[];
  /** Of the packed image. */
  readonly rows: number;
  readonly pooled: { readonly height: number; readonly width: number };
  readonly most: number;
  /** How many bits of what it writes may be set. */
  readonly ones?: Ones;
  /** The value that counts as zero: the least of the input. */
  readonly least: number;
  /** What a place without any ink gives, by channel. */
  readonly blank: readonly number[];
}

/** Words that a place loads: as many as windows with a pool cover. */
const mostRows = 6;

/** Undefined where weights are not known, or no lanes hold the sums. */
export function lanePlan(job: Job): LanePlan | undefined {
  const { layers, reads, writes, range } = job;
  const [held] = job.weights;
  const { levels: known, shift, biases } = job.untrained ? typical(job) : knownOf(job);
  if (reads.element === "i32" || writes.element === "i32" || writes.range !== "fixed") return undefined;
  if (known === undefined || shift === undefined || shift > 31 || biases === undefined) return undefined;
  const geometry = convolutionOf(layers[0]!, reads.shape);
  const { input, output, kernel, stride } = geometry;
  const window = poolOf(job);
  const pool = window.height;
  if (input.channels !== 1 || stride !== 1 || isPadded(geometry) || pool !== window.width || pool > 2) return undefined;
  if (kernel.height + pool - 1 > mostRows || kernel.width + pool - 1 > mostRows) return undefined;
  const least = Math.min(0, range.low);
  const pooled = { height: Math.floor(output.height / pool), width: Math.floor(output.width / pool) };
  const tapCount = kernel.height * kernel.width;
  const sums = Array.from({ length: held!.rows }, (_, channel) => {
    const taps = [...known.subarray(channel * tapCount, (channel + 1) * tapCount)];
    return { taps, added: biases[channel]! + halfOf(shift) + least * taps.reduce((sum, tap) => sum + tap, 0) };
  });
  const saturation = saturationOf(writes.element);
  const { high: most, ones } = saturation;
  const inputs = range.high - least;
  for (const lanes of choices) {
    const fitting = pooled.height < lanes.count ? undefined : fit(sums, { inputs, shift, most }, lanes);
    if (fitting === undefined) continue;
    const levels = Math.ceil(pooled.height / lanes.count);
    return {
      ...{ geometry, pool, lanes, levels, pooled, most, least, ...fitting, ...(ones !== undefined && { ones }) },
      starts: Array.from({ length: lanes.count }, (_, lane) => Math.min(lane * levels, pooled.height - levels)),
      rows: (levels - 1) * pool + kernel.height + pool - 1,
      blank: sums.map(({ added }) => saturate(Math.floor(added / 2 ** shift), { ...saturation, low: 0 })),
    };
  }
  return undefined;
}

/** What was trained, as far as it is known. */
function knownOf({ weights: [held], constants }: Job) {
  const biases = constants.length === 1 ? new Int32Array(held!.rows) : constants[0]?.values;
  return { levels: held!.levels, shift: constants.at(-1)?.values?.[0], biases };
}

/** All levels about equally often, as trained clipping scalars have them. */
function typical({ weights: [held] }: Job) {
  const { rows, columns, quantizer } = held!;
  const levels = Int32Array.from({ length: rows * columns }, (_, at) => quantizer.levels[(5 * at + (at >> 3)) % quantizer.levels.length]!);
  return { levels, shift: 4, biases: new Int32Array(rows) };
}
