import { areaOf } from "../../catalog/shapes/feature-map.js";
import { type ChannelStages, channelStages } from "./channel-stages.js";
import {
  generatedLane,
  generatedLayout,
  generatedMap,
  generatedPairs,
  generatedTables,
  isNear,
  kernelsOf,
  loopBytes,
  sizeAfter,
} from "./generated-stages.js";
import type { Interrupts, StoredElement } from "../../ir/plan.js";
import { cTypes, defineKernel, type Job, type Offer } from "../contract.js";
import { isEmbeddedRiscv } from "../instruction-sets.js";
import { type KernelCoding, kernelCodings, type KernelElement } from "./kernel-codings.js";

/** Eight bits reach this far in a loop. */
const longestLoop = 255;

/** A number of windows in a line is a byte. */
const widest = 127;

interface Context {
  readonly about: string;
  readonly interrupts: Interrupts;
  readonly channels: number;
  readonly share: number;
  /** The element of the table of kernels, and how many the next one is further on, in C. */
  readonly kernel: KernelElement;
  readonly next: string;
  /** Where code ends that is written, in words. */
  readonly codeWords: number;
  readonly maps: readonly { readonly name: string; readonly type: string; readonly at: number }[];
  readonly several: boolean;
  readonly area: number;
  readonly width: number;
  readonly below: number;
  readonly packedEnd: number;
  readonly gap: number;
  readonly linesEnd: number;
  readonly columns: number;
  readonly firstMap: string;
  readonly lanesEnd: number;
  readonly others: readonly { readonly call: string; readonly from: string; readonly to: string }[];
  readonly result: string;
  readonly results: string;
  readonly resultCount: number;
}

export default defineKernel<Context>({
  name: "depthwise-jit",
  template: "depthwise-chain/depthwise-jit",
  summary:
    "Runs each channel through all its 3x3 convolutions, `relu` and max pooling before the next: machine code of shifts, additions and subtractions is generated in " +
    "RAM for each filter (JIT), or copied there where flash has room for it. Results are requantized to bytes as they come. On RISC-V cores that do not multiply.",
  serves: [],
  depthwiseChains: true,
  bid: (job, target) => {
    const section = channelStages(job);
    const bytes = job.weights.every(({ quantizer }) => quantizer.levels.every((level) => level >= -128 && level < 128));
    if (section === undefined || section.stages[0]!.pooled || target.multiplies || !isEmbeddedRiscv(target) || !bytes) return [];
    return kernelCodings(job.interrupts, target).flatMap((coding) => offersOf(job, section, coding));
  },
  tables: (weights, { kernel, interrupts }) => generatedTables(weights, kernel, interrupts),
});

function offersOf(job: Job, section: ChannelStages, coding: KernelCoding): readonly Offer<Context>[] {
  const { channels, share, input, stages } = section;
  const known = job.weights.every(({ levels }) => levels !== undefined)
    ? job.weights.flatMap(({ levels }) => kernelsOf(levels!))
    : undefined;
  const weights = coding.bytes(known, channels * stages.length);
  if (weights === undefined) return [];
  const elements = stages.map(({ end }) => storedAs(job.stored.within[end]));
  const layout = generatedLayout(section, elements, coding.slot(known));
  const [first, ...others] = stages;
  if (!isNear(section, elements, layout) || input.width > widest) return [];
  const pairs = generatedPairs(first!, input.width, layout, elements[0]!, coding);
  const lane = generatedLane(first!, input.width, layout, elements[0]!, coding);
  const maps = others.map((stage, at) => generatedMap(stage, sizeAfter(stages[at]!).width, elements[at]!, elements[at + 1]!, coding));
  const loop = loopBytes([pairs, lane, ...maps]);
  if (loop > longestLoop) return [];
  const last = layout.maps.at(-1)!;
  const windows = others.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
  const perChannel = 300 + 40 * last.count + 47 * layout.half * first!.columns + 53 * windows + coding.cycles * stages.length;
  const perPlane = last.count * share;
  return [
    {
      variant: coding.variant,
      cost: {
        flash: { code: 590, weights: weights + 2 * channels },
        ram: { static: layout.code + loop, stack: 100 + coding.stack },
        cycles: 600 + 35 * areaOf(input) * (channels / share) + channels * perChannel,
      },
      context: {
        about: `${stages.length} stages of ${channels} channels`,
        interrupts: job.interrupts,
        ...{ channels, share },
        kernel: coding.element,
        next: coding.next,
        codeWords: layout.code / 4,
        maps: layout.maps.map(({ name, element, at }) => ({ name, type: cTypes[element], at })),
        several: input.channels > 1,
        area: areaOf(input),
        width: input.width,
        below: layout.below * input.width,
        packedEnd: (layout.half + 2) * input.width,
        gap: 0,
        linesEnd: layout.half * input.width,
        columns: first!.columns,
        firstMap: layout.maps[0]!.name,
        lanesEnd: layout.below * first!.columns,
        others: maps.map((_, at) => ({ call: `map${at + 1}`, from: layout.maps[at]!.name, to: layout.maps[at + 1]!.name })),
        result: cTypes[last.element],
        results: last.name,
        resultCount: last.count,
      },
      calls: {
        ...{ pairs: pairs.routine, lane: lane.routine },
        ...Object.fromEntries(maps.map(({ routine }, at) => [`map${at + 1}`, routine])),
      },
      ...(input.channels === 1 || perPlane <= areaOf(input) ? { overlays: true as const } : {}),
    },
  ];
}

/** Sums of the last stage are not proved to be small, nothing is stored in bytes. */
const storedAs = (element: StoredElement | undefined): StoredElement =>
  element === undefined ? "i32" : element === "i8" ? "i16" : element;
