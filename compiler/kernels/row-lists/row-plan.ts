import { evenShape } from "../../catalog/codebook/shape.js";
import { type Convolution, convolutionOf, isPadded } from "../../catalog/shapes/convolution.js";
import { bitsOf } from "../../ir/types.js";
import type { Job } from "../contract.js";
import { wordsOf } from "../nibbles.js";
import { isWithin, sumRange } from "../sum-range.js";
import { halfOf } from "../requantize/bias-table.js";
import { mostValues, recordBytes } from "./row-layout.js";
import type { RowShape } from "./rv32-convolve-row.js";
import { isInReach, type WeightLayout } from "./rv32-visits.js";

/** A convolution whose rows are listed. */
export interface RowPlan {
  readonly geometry: Convolution;
  readonly shape: RowShape;
  /** How often windows are convolved, with other channels. */
  readonly passes: number;
  /** Values of a window. */
  readonly values: number;
  /** Whether the entries of lists are counted before they are listed. */
  readonly counted: boolean;
  /** Bytes of the lists of a row, and its records. */
  readonly rowBytes: number;
}

/** Undefined where rows have too many values, or sums above the zero point might not fit 16 bits. */
export function rowPlan(job: Job, side: "planes" | "side by side"): RowPlan | undefined {
  const [held] = job.weights;
  const even = evenShape(held!.quantizer.levels);
  const { reads, writes, range } = job;
  if (even === undefined || even.step > 2 || held!.quantizer.levels.length > 16 || reads.element === "i32") return undefined;
  if (writes.element === "i32" || writes.range !== "fixed" || range.low < 0 || range.high > 15) return undefined;
  const geometry = convolutionOf(job.layers[0]!, reads.shape);
  const { input, output, kernel, depth } = geometry;
  const values = depth * kernel.height * kernel.width;
  const rowValues = input.width * input.channels;
  const { bits, ones } = bitsOf(writes.element);
  // Where bytes are wanted of a pool, its nibbles are copied.
  if (job.stored.writes !== "u4" && job.layers.some(({ op }) => op === "maxpool")) return undefined;
  if (depth !== input.channels || isPadded(geometry) || rowValues > mostValues || bits > 4 || !isExact(job, even)) return undefined;
  const outputWords = wordsOf(output.channels);
  const words = ([3, 2, 1] as const).find((each) => outputWords % each === 0)!;
  const layout: WeightLayout = { words, ...(side === "planes" ? { plane: 4 * values } : {}) };
  if (!isInReach(layout) || (side !== "planes" && words === 1)) return undefined;
  const planes = range.high.toString(2).length;
  // Lists lie one behind the other where values have few set bits: those of a row are counted first.
  const most = bitsOf(reads.element).ones ?? planes;
  const counted = most < planes && job.stored.reads === "u4";
  const listBytes = (counted ? most : planes) * rowValues;
  const rowBytes = Math.ceil((listBytes + recordBytes(planes) * (input.width + 1)) / 4) * 4;
  const room = Math.floor(255 / (held!.quantizer.levels.length - 1));
  const shape: RowShape = {
    ...layout,
    ...{ rows: kernel.height, columns: kernel.width, planes, room },
    ...{ lowest: even.lowest, step: even.step as 1 | 2, bits, ...(ones !== undefined && { ones }) },
  };
  return { geometry, shape, passes: outputWords / words, values, counted, rowBytes };
}

/**
 * Whether sums with their biases, in steps, are known to fit the halves of a word, and whether no shift drops less than a step: trained
 * weights do, as far as was seen.
 */
function isExact({ constants, range, weights, untrained }: Job, { step }: { readonly step: number }): boolean {
  const shift = constants.at(-1)!.values?.[0];
  const bias = constants.length === 1 ? [0] : constants[0]!.values;
  if (untrained) return true;
  if (shift === undefined || bias === undefined || 2 ** shift < step) return false;
  const sums = sumRange(weights[0]!, { low: 0, high: range.high });
  const low = sums.low + Math.min(...bias) + halfOf(shift);
  const high = sums.high + Math.max(...bias) + halfOf(shift);
  return isWithin({ low: low / step, high: high / step }, { low: -32_768, high: 32_767 });
}
