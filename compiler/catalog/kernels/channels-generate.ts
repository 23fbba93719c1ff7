import { areaOf } from "../feature-map.js";
import { channelStages } from "../channel-stages.js";
import { generatedLane, generatedLayout, generatedMap, generatedPairs, generatedTables, sizeAfter, slotBytes, writeHelpers } from "../generated-stages.js";
import type { StoredElement } from "../../ir/plan.js";
import { cTypes, defineKernel } from "../kernel.js";
import { stateHelper } from "../weigh-stages.js";

/** Twelve bits of offset reach this far from a pointer. */
const farthest = 2047;

export default defineKernel({
  name: "channels-generate",
  summary:
    "Takes one channel after the other through all its 3x3 convolutions, `relu` and pools: machine code of shifts, additions and subtractions is written to " +
    "RAM for each kernel when it is its turn. What remains is kept in bytes. On RISC-V cores that do not multiply.",
  serves: [],
  sections: true,
  bid: (job, target) => {
    const section = channelStages(job);
    const bytes = job.weights.every(({ quantizer }) => quantizer.levels.every((level) => level >= -128 && level < 128));
    if (section === undefined || target.multiplies || !target.core.startsWith("rv32e") || job.interrupts === "allowed" || !bytes) return [];
    const { channels, share, input, stages } = section;
    const elements = stages.map(({ end }) => storedAs(job.stored.within[end]));
    const layout = generatedLayout(section, elements, slotBytes(job.weights));
    const [first, ...others] = stages;
    const pairs = generatedPairs(first!, input.width, layout, elements[0]!);
    const lane = generatedLane(first!, input.width, layout, elements[0]!);
    const maps = others.map((stage, at) => generatedMap(stage, sizeAfter(stages[at]!).width, elements[at]!, elements[at + 1]!));
    if ([pairs, lane, ...maps].some(({ facts }) => Number(facts["lastEnd"]) > farthest * 16 || 2 * Number(facts["line"]) + 12 > farthest || Number(facts["high"] ?? 0) > farthest)) return [];
    if (layout.bytes - layout.code > 252 || input.width > 127) return [];
    const last = layout.maps.at(-1)!;
    const windows = others.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
    const perChannel = 300 + 40 * last.count + 60 * layout.half * first!.columns + 52 * windows;
    const perPlane = last.count * share;
    return [true, false].map((resident) => (
      {
        variant: resident ? "code written from RAM" : "code written from flash",
        cost: {
          flash: { code: 580, weights: job.weights.reduce((sum, { rows }) => sum + 9 * rows, 0) + 2 * channels },
          ram: { static: Math.ceil(layout.bytes / 4) * 4, stack: 100 },
          cycles: 600 + 20 * areaOf(input) * (channels / share) + channels * (perChannel + (resident ? 1400 : 1900) * stages.length),
        },
        facts: {
          about: `${stages.length} stages of ${channels} channels`,
          ...{ channels, share },
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
          pairs: pairs.name,
          lane: lane.name,
          lanesEnd: layout.below * first!.columns,
          bytes: 9 * stages.length,
          others: maps.map(({ name }, at) => ({ helper: name, from: layout.maps[at]!.name, to: layout.maps[at + 1]!.name, after: 9 * (at + 1) })),
          result: cTypes[last.element],
          results: last.name,
          resultCount: last.count,
        },
        helpers: [{ ...stateHelper, facts: { words: 13 }, code: 52 }, ...writeHelpers(resident), pairs, lane, ...maps],
        borrows: ["gp", "sp", "tp"] as const,
        ...(input.channels === 1 || perPlane <= areaOf(input) ? { overlays: true as const } : {}),
      }
    ));
  },
  tables: generatedTables,
});

/** Sums of the last stage are not proved to be small, nothing is stored in bytes. */
const storedAs = (element: StoredElement | undefined): StoredElement => (element === undefined ? "i32" : element === "i8" ? "i16" : element);
