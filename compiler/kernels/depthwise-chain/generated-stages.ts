import { elementBytes, type Interrupts, type StoredElement, unitBytes } from "../../ir/plan.js";
import type { Calls, Routine } from "../../ir/routine.js";
import type { ChannelStages, Stage } from "./channel-stages.js";
import { type CodedWeights, cTypes, type Table } from "../contract.js";
import { distances, type Program } from "../../riscv/index.js";
import { routine, sizesOf } from "../routine.js";
import { elementsOf, type KernelCoding, type KernelElement, stateOf, windowOf } from "./kernel-codings.js";
import type { Lines } from "./rv32-generated-loop.js";
import { mapLoop } from "./rv32-generated-map.js";
import { pairsLoop } from "./rv32-generated-pairs.js";
import { wideShift } from "../../catalog/wide.js";

/** A value of one channel in scratch space. */
export interface PlacedMap {
  readonly name: string;
  readonly element: StoredElement;
  readonly at: number;
  readonly count: number;
}

/** Where everything lies in scratch space, in bytes: the image, the maps over each other, the code. */
export interface GeneratedLayout {
  /** Rows of windows of which each word of the image has two, this far apart. */
  readonly half: number;
  readonly below: number;
  readonly maps: readonly PlacedMap[];
  /** Where the code ends that is written for a kernel, and its loop begins. */
  readonly code: number;
}

const aligned = (bytes: number): number => Math.ceil(bytes / 4) * 4;

/** Lines, and what a line has, after a stage. */
export const sizeAfter = ({ rows, columns, pooled }: Stage) =>
  pooled ? { height: rows / 2, width: columns / 2 } : { height: rows, width: columns };

/** A map is written over the one it is made of from a line before it on, or else behind it. */
export function generatedLayout({ input, stages }: ChannelStages, elements: readonly StoredElement[], slot: number): GeneratedLayout {
  const half = Math.ceil(stages[0]!.rows / 2);
  // The last column is followed by two that are loaded and not used; a list of the blank windows in each line is there.
  const image = 4 * (half + 2) * input.width + aligned(Math.max(2 * 4, 2 * (half + 1)));
  const sizes = stages.map((stage, at) => {
    const { height, width } = sizeAfter(stage);
    return { count: height * width, line: width * elementBytes[elements[at]!], bytes: height * width * elementBytes[elements[at]!] };
  });
  const places: number[] = [aligned(sizes[1]?.line ?? 0)];
  for (let at = 1; at < stages.length; at++) {
    const [from, before] = [places[at - 1]!, sizes[at - 1]!];
    // A pooled line of sums takes no more than the two that it is made of.
    const shrinks = elementBytes[elements[at]!] <= elementBytes[elements[at - 1]!] * (stages[at]!.pooled ? 4 : 1);
    places.push(shrinks && from >= sizes[at]!.line ? 0 : sizes[at]!.bytes <= from ? 0 : aligned(from + before.bytes));
  }
  const end = Math.max(...places.map((place, at) => place + sizes[at]!.bytes)) + 8;
  const maps = places.map((place, at) => ({ name: `map${at + 1}`, element: elements[at]!, at: image + place, count: sizes[at]!.count }));
  return { half, below: stages[0]!.rows - half, maps, code: aligned(image + end) + aligned(slot) };
}

/** The kernels of each channel one after the other; and for the first one how far pixels may be apart. */
export function generatedTables(weights: readonly CodedWeights[], element: KernelElement, interrupts: Interrupts): readonly Table[] {
  const window = windowOf(interrupts);
  const kernels = weights.map(({ codes, quantizer }) => kernelsOf(Int32Array.from(codes, (code) => quantizer.levels[code]!)));
  const values = kernels[0]!.flatMap((_, channel) => kernels.flatMap((each) => elementsOf(element, each[channel]!, window)));
  return [
    { name: "kernels", element, values },
    { name: "reach", element: "uint8_t", values: kernels[0]!.flatMap(reachOf) },
  ];
}

/** Nine weights each. */
export const kernelsOf = (levels: Int32Array): readonly Int32Array[] =>
  Array.from({ length: levels.length / 9 }, (_, at) => levels.subarray(at * 9, at * 9 + 9));

/** How far the pixels of an image may be apart for sums of two windows in one word, and what 256 times those begin at: neither is below 0 or above 65535. */
function reachOf(kernel: Int32Array): readonly number[] {
  const [plus, minus] = [1, -1].map((sign) => kernel.reduce((sum, weight) => sum + Math.max(0, sign * weight), 0)) as [number, number];
  const startFor = (range: number): number => Math.ceil((minus * range) / 256);
  let range = 255;
  while (256 * startFor(range) + plus * range + 2 ** wideShift - 1 > 65_535) range--;
  return [range, startFor(range)];
}

/** What stages call. */
const callsOf = ({ writer, run, registers }: KernelCoding): Calls => ({ ...stateOf(registers), writer, run });

/** What a stage reads: lines of so many values, as the assembly and as C see them. */
interface Source {
  readonly width: number;
  readonly load: "lw" | "lhu";
  /** Bytes from value to value. */
  readonly step: number;
}

function linesOf({ columns }: Stage, lines: number, { width, load, step }: Source, outStep: number): Lines {
  const line = width * step;
  const lineEnd = columns * step;
  return { load, step, line, skip: line - lineEnd, lineEnd, lastEnd: (lines - 1) * line + lineEnd, outStep };
}

const storeOf = (element: StoredElement): "sb" | "sh" | "sw" => (element === "i32" ? "sw" : element === "i8" ? "sb" : "sh");

const sourceOf = (element: StoredElement, width: number): Source => ({
  width,
  load: element === "i32" ? "lw" : "lhu",
  step: elementBytes[element],
});

/** The words of an image, two pixels in each. */
const imageOf = (width: number, load: Source["load"]): Source => ({ width, load, step: 4 });

/** Twelve bits of offset reach this far from a pointer. */
const farthest = 2047;

/** From the first sum of the lower half of the words of an image to that of the upper one, in bytes. */
const highOf = ({ columns }: Stage, { below }: GeneratedLayout, element: StoredElement): number => below * columns * elementBytes[element];

/** Where the list of blank windows lies behind an image, in bytes. */
const listAt = (width: number, { half }: GeneratedLayout): number => 4 * (half + 2) * width;

/** Whether loads and stores of all stages reach what they are for. */
export function isNear({ input, stages }: ChannelStages, elements: readonly StoredElement[], layout: GeneratedLayout): boolean {
  const [first, ...others] = stages;
  const image = linesOf(first!, layout.half, imageOf(input.width, "lw"), 0);
  const maps = others.map((stage, at) => linesOf(stage, stage.rows, sourceOf(elements[at]!, sizeAfter(stages[at]!).width), 0));
  return (
    [image, ...maps].every(({ line, lastEnd }) => lastEnd <= farthest * 16 && 2 * line + 12 <= farthest) &&
    Math.max(highOf(first!, layout, elements[0]!), listAt(input.width, layout)) <= farthest
  );
}

/** Bytes of RAM for the loop of any of these, which are copied by sixteen. */
export function loopBytes(stages: readonly GeneratedStage[]): number {
  return 16 * Math.ceil(Math.max(...stages.map(({ loop }) => distances(loop)[0]!)) / 16);
}

/** A stage's function, whose assembly begins with how long its loop is. */
export interface GeneratedStage {
  readonly routine: Routine;
  readonly loop: Program;
}

/** The first stage at two windows at once. */
export function generatedPairs(
  stage: Stage,
  width: number,
  layout: GeneratedLayout,
  element: StoredElement,
  coding: KernelCoding,
): GeneratedStage {
  const { rows, columns, shift } = stage;
  const { half, below } = layout;
  const pairs = { shift, store: storeOf(element), high: highOf(stage, layout, element), listAt: listAt(width, layout) };
  const lines = linesOf(stage, half, imageOf(width, "lw"), elementBytes[element]);
  const loop = pairsLoop(coding.registers, lines, pairs);
  const made = routine("depthwise-chain/routines/generated-pairs", {
    label: `generated_pairs_${rows}x${columns}`,
    context: {
      ...{ kernel: coding.element, loop, rows, columns, shift, width, lanes: below, out: cTypes[element] },
      highShift: 16 + shift,
      grain: 2 ** shift,
      remainder: 2 ** shift - 1,
      highCells: below * columns,
      imageEnd: half * width,
    },
    calls: callsOf(coding),
    ...sizesOf(loop),
    stack: coding.stack,
  });
  return { routine: made, loop };
}

/** The first stage at one window at a time, of one half of the words of the image. */
export function generatedLane(
  stage: Stage,
  width: number,
  { half }: GeneratedLayout,
  element: StoredElement,
  coding: KernelCoding,
): GeneratedStage {
  const lane = { ...stage, rows: half, pooled: false };
  const label = `generated_lane_${half}x${stage.columns}`;
  return mapOf(label, lane, imageOf(width, "lhu"), element, { in: "uint32_t", based: true, value: "*x >> 8 * half & 0xFFFFu" }, coding);
}

/** A stage that reads a map. */
export function generatedMap(stage: Stage, width: number, from: StoredElement, to: StoredElement, coding: KernelCoding): GeneratedStage {
  const { rows, columns, pooled } = stage;
  const label = `generated_${rows}x${columns}_${from}_${to}${pooled ? "_pooled" : ""}`;
  return mapOf(label, stage, sourceOf(from, width), to, { in: cTypes[from], based: false, value: "(uint32_t)*x" }, coding);
}

/** What C reads of a map, and whether what the kernel makes of the darkest pixel is added. */
interface Reading {
  readonly in: string;
  readonly based: boolean;
  readonly value: string;
}

function mapOf(label: string, stage: Stage, source: Source, to: StoredElement, reading: Reading, coding: KernelCoding): GeneratedStage {
  const { rows, columns, pooled, shift } = stage;
  const { width } = source;
  const cell = unitBytes[to];
  const size = pooled ? 2 : 1;
  const map = { pooled, shift, based: reading.based, cell, store: storeOf(to), cells: columns / size } as const;
  const loop = mapLoop(coding.registers, linesOf(stage, rows, source, cell / size), map);
  const made = routine("depthwise-chain/routines/generated-map", {
    label,
    context: {
      ...reading,
      ...{ kernel: coding.element, loop, rows, columns, pooled, shift, out: cTypes[to] },
      ...{ inLine: width, band: size * width, inEnd: rows * width, bandEnd: columns, pairStep: size },
    },
    calls: callsOf(coding),
    ...sizesOf(loop),
    stack: coding.stack,
  });
  return { routine: made, loop };
}
