import type { Placement, Routine } from "../../ir/routine.js";
import type { Target } from "../../ir/target.js";
import { sizeOf } from "../../ir/types.js";
import type { LaneAdder } from "../swar/add-lanes.js";
import { type ZeroPoint, zeroPointOf, rowSumBytes, rowSumTable } from "../sparse/zero-point.js";
import { timesConstant } from "../c-expression.js";
import { type EvenShape, evenShape } from "../../catalog/codebook/shape.js";
import type { Convolution } from "../../catalog/shapes/convolution.js";
import { activeShare } from "../sparse/dense-columns.js";
import { levelText } from "../dense-rows/dense-rows.js";
import { biasValues, halfOf, largestActivation, shiftAmong } from "../requantize/bias-table.js";
import { limitOf } from "../sparse/input-lists.js";
import type { CodedWeights, Job, Offer, Table } from "../contract.js";
import { type Placed, placements, slowdown } from "../placement.js";
import { routine } from "../routine.js";
import { poolOf } from "../channelwise/conv-windows.js";
import { keepSums } from "./rv32-keep-window.js";
import { listWindow } from "./rv32-list-window.js";
import { roundWords } from "./rv32-round-kept.js";
import { type MixedWindows, mixedWindows, valuesOf } from "./mixed-windows.js";
import type { Quantizer } from "../../catalog/codebook/quantizer.js";

/** How a kernel adds the listed values of a window times their weights to sums: the label of its routine begins with `add_`. */
export interface WindowAdder extends LaneAdder {
  /** Channels of a group, and how many groups there are. */
  readonly channels: number;
  readonly groups: number;
  /** Bytes of the weights of one value. */
  readonly stride: number;
}

/** How many values of a window may be listed at a time. */
const capacities = [128, 72, 36, 24, 16];

/** What may run from RAM: what adds weights up, and what lists values and keeps results. */
type Hot = "sums" | "lists";

/**
 * Offers of kernels that take every window as the inputs of a dense layer, adding with any of some adders. None where weights are not
 * evenly spaced by a power of two.
 */
export function windowOffers(
  job: Job,
  target: Target,
  addersOf: (windows: Convolution) => readonly WindowAdder[],
): readonly Offer<WindowContext>[] {
  const windows = mixedWindows(job);
  const shape = evenShape(job.weights[0]!.quantizer.levels);
  if (windows === undefined || shape === undefined || !Number.isInteger(Math.log2(shape.step))) return [];
  return addersOf(windows.geometry).flatMap((adder) => {
    if (!fits(job, windows, shape, adder)) return [];
    const places = placements<Hot>(target, ["sums", "lists"])
      .filter(({ of }) => of("sums") === "ram" || !adder.onlyFromRam)
      .map((placement) => ({ placement, add: adder.routine(placement.of("sums")) }));
    return capacitiesFor(windows).flatMap((capacity) =>
      places.map((place) => offerOf(job, target, { windows, shape, adder, capacity, ...place })),
    );
  });
}

/** The largest that a value can be, less the zero point. */
const largestOf = ({ range }: Job): number => (range.low < 0 ? 255 : range.high);

/** Whether a list has room for a row, places of weights for 16 bits, and sums of channels that do not exist, which are never cleared, for 32. */
function fits(job: Job, windows: MixedWindows, { lowest }: EvenShape, { stride, groups, channels }: WindowAdder): boolean {
  const { kernel, output } = windows.geometry;
  const most = largestOf(job);
  const all = windows.windows * valuesOf(windows) * most * Math.abs(lowest);
  return (
    limitOf(job.weights[0]!.quantizer) >= most * kernel.width &&
    valuesOf(windows) * stride <= 65_536 &&
    (groups * channels === output.channels || all < 2 ** 31)
  );
}

/** Those that are not more than twice what a window has, or the least. */
const capacitiesFor = (windows: MixedWindows): readonly number[] =>
  capacities.filter(
    (capacity, at) => capacity >= windows.geometry.kernel.width && (capacity < 2 * valuesOf(windows) || at === capacities.length - 1),
  );

/** What templates and tables of kernels for windows read. */
export interface WindowContext extends Omit<MixedWindows, "geometry" | "windows"> {
  readonly format: string;
  readonly level: string;
  readonly zeroPoint: ZeroPoint | undefined;
  /** Sums of a window, those of channels that do not exist included. */
  readonly sums: number;
  readonly ground: string;
  readonly channels: number;
  readonly inputs: number;
  /** The largest value that it gives, of a fixed range. */
  readonly most: number;
  /** Whether it has biases, where its range is fixed. */
  readonly biased: boolean;
  /** What the struct of the routine for windows begins with. */
  readonly fields: readonly string[];
}

interface Choice {
  readonly windows: MixedWindows;
  readonly shape: EvenShape;
  readonly adder: WindowAdder;
  readonly capacity: number;
  readonly placement: Placed<Hot>;
  /** The adder's routine there. */
  readonly add: Routine;
}

function offerOf(
  job: Job,
  target: Target,
  { windows, shape, adder, capacity, add, placement: { of, text } }: Choice,
): Offer<WindowContext> {
  const { geometry, windows: count, ...steps } = windows;
  const { input, output, kernel, depth } = geometry;
  const { quantizer } = job.weights[0]!;
  const most = largestOf(job);
  const values = valuesOf(windows);
  const rows = bandRows(geometry, capacity, limitOf(quantizer) / most);
  const zeroPoint = zeroPointOf(job, true);
  const sums = adder.groups * adder.channels;
  const listAt = sums + (zeroPoint === undefined ? 0 : output.channels);
  const placement = of("lists");
  const convolve = convolveRoutine(quantizer, kernel.width, rows, add, placement);
  const keep = keepRoutine({ based: zeroPoint !== undefined || steps.fixed, pooled: steps.pooled, fixed: steps.fixed }, placement);
  const calls = { convolve, keep };
  const convolvePool = routine("windows/routines/convolve-pool", { label: `${convolve.label}_${keep.label}`, calls, placement });
  const round = routine("windows/routines/round-kept", { context: { round: roundWords() }, placement });
  const active = values * activeShare(job);
  const adding = adder.groups * (Math.ceil(active / Math.min(capacity, 90)) * adder.cycles.list + active * adder.cycles.entry);
  const listing = 90 + depth * (kernel.height / rows) * 12 + values * 8 + active * 4 + output.channels * 24;
  return {
    variant: `${capacity} at a time, ${text}${adder.way}`,
    cost: {
      flash: {
        code: 166 + (zeroPoint === undefined ? 0 : 128),
        weights:
          values * adder.stride +
          (zeroPoint === undefined ? 0 : rowSumBytes(output.channels, zeroPoint)) +
          (steps.fixed ? 4 * output.channels : 0),
      },
      ram: {
        static: 4 * (listAt + capacity + adder.behind),
        stack: adder.stack + (steps.pooled ? (zeroPoint === undefined ? 112 : 132) : 88),
      },
      cycles: Math.round(500 + steps.count * 18 + count * (adding * slowdown(target, of("sums")) + listing * slowdown(target, placement))),
    },
    context: {
      ...steps,
      format: quantizer.name,
      level: levelText(shape),
      ...{ zeroPoint, sums },
      ground: zeroPoint === undefined ? "0" : "zero_point",
      channels: output.channels,
      inputs: sizeOf(job.reads.shape),
      most: steps.fixed ? largestActivation(job) : 0,
      biased: job.constants.length === 2,
      fields: fieldsOf({
        bands: kernel.height / rows,
        planes: depth,
        line: input.width,
        plane: (input.height - kernel.height) * input.width,
        right: steps.steps.window,
        end: steps.ends.window,
        down: steps.steps.line,
        pool: poolOf(job).height,
        limit: limitOf(quantizer) - most * kernel.width * rows,
        stride: adder.stride * 65_536,
        groups: adder.groups,
        list: listAt,
        full: listAt + capacity - rows * kernel.width,
      }),
    },
    calls: { ...calls, ...(steps.pooled ? { convolvePool } : {}), ...(steps.fixed ? {} : { round }) },
  };
}

/** Of the C struct that the routine for windows reads, in order. */
const fieldsOf = (values: Readonly<Record<string, number>>) =>
  Object.values(values).map((value) => (value < 2 ** 31 ? String(value) : `${value}u`));

/** The weights as a kernel packs them, and what those of a channel sum up to where there is a zero point. */
export const windowTables = (
  held: CodedWeights,
  { zeroPoint, fixed, biased }: WindowContext,
  weights: Table,
  constants: readonly Int32Array[],
): readonly Table[] => [
  weights,
  ...(zeroPoint === undefined ? [] : [rowSumTable(held, zeroPoint, held.rows)]),
  ...(fixed ? [addedTable(held, biased ? constants[0]! : new Int32Array(held.rows), shiftAmong(constants))] : []),
];

/** What is added to the sums of a window before a fixed range shifts them: biases, and half of what is shifted out. */
const addedTable = ({ rows }: CodedWeights, bias: Int32Array, shift: number): Table =>
  biasValues({ element: "int32_t" }, bias.subarray(0, rows), halfOf(shift));

/** What templates read of the constants of a fixed range. */
export const windowFacts = (constants: readonly Int32Array[], { fixed, most }: WindowContext): object =>
  fixed ? { shift: shiftAmong(constants), largest: (most + 1) * 2 ** shiftAmong(constants) } : {};

/** Rows that are listed before it is asked whether there is room for more: all of a small kernel, if a list has room for several of them. */
const bandRows = ({ kernel, depth }: Convolution, capacity: number, largest: number): number => {
  const taps = kernel.height * kernel.width;
  return taps <= mostAtOnce && taps <= largest && Math.min(depth, 4) * taps <= capacity ? kernel.height : 1;
};

const mostAtOnce = 9;

/** Lists windows so many columns wide, and has the lists added. */
const convolveRoutine = ({ name, levels }: Quantizer, columns: number, rows: number, add: Routine, placement: Placement): Routine =>
  routine("windows/routines/convolve-window", {
    label: `convolve_${rows}x${columns}_${add.label.replace("add_", "")}`,
    context: {
      ...{ rows, banded: rows === 1, columns },
      list: listWindow(rows, columns, rows === 1),
      format: name,
      offset: timesConstant("total", evenShape(levels)!.lowest),
    },
    calls: { add },
    ...(rows === 1 ? { variant: "banded" } : {}),
    placement,
  });

interface Keeping {
  /** Whether something is added to the sums. */
  readonly based: boolean;
  readonly pooled: boolean;
  readonly fixed: boolean;
}

function keepRoutine({ based, pooled, fixed }: Keeping, placement: Placement): Routine {
  const words = [pooled ? "largest" : "window", ...(fixed ? ["fixed"] : based ? ["above"] : [])];
  return routine("windows/routines/keep-window", {
    label: ["keep", ...words].join("_"),
    context: { based, pooled, fixed, keep: keepSums(based, pooled) },
    variant: words.join(" "),
    placement,
  });
}
