import { highestOnesUpTo } from "../../catalog/requantize.js";
import type { StoredElement } from "../../ir/plan.js";
import type { Routine } from "../../ir/routine.js";
import type { Target } from "../../ir/target.js";
import { sayPool } from "../channelwise/conv-windows.js";
import { defineKernel, type Job, type Offer, type Table } from "../contract.js";
import { runsOwnAssembly } from "../instruction-sets.js";
import { perWord, wordsOf } from "../nibbles.js";
import { routine, sizesOf } from "../routine.js";
import { windowRuns } from "../windows/mixed-windows.js";
import { laneCycles } from "./lane-cycles.js";
import { type LanePlan, lanePlan } from "./lane-plan.js";
import { convolveLanes, farthestWord, frameBytes, inLanes, laneOffsets, type LaneStore } from "./rv32-convolve-lanes.js";

/** What the template and the table read. */
interface LaneContext {
  /** Start and threshold of each channel, in all lanes; then what channels give where there is no ink, four bytes a word. */
  readonly table: readonly number[];
  readonly [fact: string]: unknown;
}

/** The largest offset that an instruction holds. */
const farthest = 2047;

export default defineKernel<LaneContext>({
  name: "conv-lanes",
  template: "lanes/conv-lanes",
  summary:
    "Several rows of an image in the lanes of a word (SWAR), the weights as code: each word is loaded once for all windows of a pool, which is fused, as requantization is. " +
    "For images of one channel, fixed ranges and known weights.",
  serves: windowRuns.filter(([op]) => op === "conv"),
  nibbles: { writes: true },
  bid: (job, target) => {
    const plan = runsOwnAssembly(target) ? lanePlan(job) : undefined;
    if (plan === undefined) return [];
    const store = storeOf(plan, job.stored.writes);
    return Math.max(...laneOffsets(plan, store), farthestWord(plan)) <= farthest ? [offerOf(job, target, plan, store)] : [];
  },
  tables: (_weights, { table }): readonly Table[] => [{ name: "starts", element: "uint32_t", values: table }],
});

function storeOf({ pooled, channels }: LanePlan, element: StoredElement): LaneStore {
  if (element !== "u4") return { nibbles: false, pixel: 1, channel: pooled.height * pooled.width };
  return { nibbles: true, pixel: 4 * wordsOf(channels.length), channel: 1 };
}

function offerOf(job: Job, target: Target, plan: LanePlan, store: LaneStore): Offer<LaneContext> {
  const { geometry, lanes, pool, starts, rows, pooled, channels, halved } = plan;
  const { input, kernel } = geometry;
  const words = rows * input.width;
  const table = tableOf(plan, store);
  const pads = store.nibbles && channels.length % perWord !== 0;
  return {
    cost: {
      flash: { code: 70 + 16 * lanes.count + (pads ? 24 : 0), weights: 4 * table.length },
      ram: { static: 4 * words, stack: 24 + frameBytes },
      cycles: laneCycles(job, target, plan, store),
    },
    context: {
      ...{ table, words, pads, halved },
      about: `${kernel.height} x ${kernel.width} windows of ${input.height} x ${input.width} values${pool > 1 ? `, then ${sayPool(job)}` : ""}`,
      format: job.weights[0]!.quantizer.name,
      lanes: starts.map((start, lane) => ({ first: lane === 0, from: start * pool * input.width, bits: lane * lanes.bits })),
      count: lanes.count,
      bits: lanes.bits,
      least: plan.least === 0 ? "" : ` + ${-plan.least}`,
      out: outOf(store),
      outWords: store.nibbles ? (pooled.height * pooled.width * store.pixel) / 4 : 0,
    },
    calls: { convolve: convolveRoutine(plan, store) },
    overlays: true,
  };
}

const outOf = ({ nibbles }: LaneStore): string => (nibbles ? "uint32_t" : "int8_t");

/** Convolves the packed image: the code of these weights. */
function convolveRoutine(plan: LanePlan, store: LaneStore): Routine {
  const { geometry, lanes, pool, levels, pooled, channels, most, ones, halved, down } = plan;
  const { input, kernel } = geometry;
  const program = convolveLanes(plan, store);
  return routine("lanes/routines/convolve-lanes", {
    ...sizesOf(program),
    context: {
      ...{ program, levels, pool, pooled: pool > 1, most, halved, down },
      lanes: laneOffsets(plan, store).map((to, lane) => ({ to, bits: lane * lanes.bits })),
      nibbles: store.nibbles,
      out: outOf(store),
      pixel: store.pixel,
      area: pooled.height * pooled.width,
      width: input.width,
      columns: pooled.width,
      channels: channels.length,
      kernelRows: kernel.height,
      kernelColumns: kernel.width,
      taps: tapLines(channels),
      tapCount: channels.length * kernel.height * kernel.width,
      kept: ones === undefined ? [] : highestOnesUpTo(most, ones),
      whole: `0x${(2 ** lanes.bits - 1).toString(16).toUpperCase()}u`,
    },
  });
}

function tableOf({ channels, lanes, blank }: LanePlan, { nibbles }: LaneStore): readonly number[] {
  const bytes = nibbles ? chunks(blank, 2).map(([even, odd = 0]) => even! + 16 * odd) : blank;
  return [
    ...channels.flatMap(({ start, threshold }) => [start, threshold].map((value) => inLanes(value, lanes) >>> 0)),
    ...chunks(bytes, 4).map((four) => four.reduce((word, byte, at) => word + byte * 256 ** at, 0)),
  ];
}

const tapLines = (channels: LanePlan["channels"]): readonly string[] => channels.map(({ taps }) => `${taps.join(", ")},`);

const chunks = <T>(all: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size));
