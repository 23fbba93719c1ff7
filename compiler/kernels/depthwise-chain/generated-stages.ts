import { elementBytes, type Helper, type StoredElement } from "../../ir/plan.js";
import type { ChannelStages, Stage } from "./channel-stages.js";
import { type CodedWeights, cTypes, type Table } from "../contract.js";
import { frameBytes, type KernelCoding } from "./kernel-codings.js";
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
  readonly bytes: number;
}

const aligned = (bytes: number): number => Math.ceil(bytes / 4) * 4;

/** Lines, and what a line has, after a stage. */
export const sizeAfter = ({ rows, columns, pooled }: Stage) =>
  pooled ? { height: rows / 2, width: columns / 2 } : { height: rows, width: columns };

/** Bytes of the loops around the code of a kernel, which are copied by sixteen: at most, with what clearing a line of sums takes. */
const loopBytes = (stages: readonly Stage[], width: number, borrowing: boolean): number => {
  const pairs = borrowing && 8 * width <= 240 ? 144 : 156;
  const maps = stages.slice(1).map(({ columns, pooled }) => (pooled ? (borrowing ? 108 : 110) + 2 * columns : 96));
  return 16 * Math.ceil(Math.max(pairs, ...maps) / 16);
};

/** A map is written over the one it is made of from a line before it on, or else behind it. */
export function generatedLayout(
  { input, stages }: ChannelStages,
  elements: readonly StoredElement[],
  slot: number,
  { registers: { borrowing } }: KernelCoding,
): GeneratedLayout {
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
  const code = aligned(image + end) + aligned(slot);
  return { half, below: stages[0]!.rows - half, maps, code, bytes: code + loopBytes(stages, input.width, borrowing) };
}

/** The kernels of each channel one after the other; and for the first one how far pixels may be apart. */
export function generatedTables(weights: readonly CodedWeights[], { element, elements }: KernelCoding): readonly Table[] {
  const kernels = weights.map(({ codes, quantizer }) => kernelsOf(Int32Array.from(codes, (code) => quantizer.levels[code]!)));
  const values = kernels[0]!.flatMap((_, channel) => kernels.flatMap((each) => elements(each[channel]!)));
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

/** What stages call, and what kernels are to them in C. */
const calls = ({ element, writer, run, registers }: KernelCoding) => ({ kernel: element, writer, run, ...registers });

/** The stack of the function that brings code to RAM, where it has a frame. */
const frameOf = ({ registers }: KernelCoding) => (registers.borrowing ? {} : { stack: frameBytes });

/** The name of a stage's function, which stages with another coding do not share. */
const named = (name: string, { writer }: KernelCoding): string => `${name}_by_${writer}`;

/** What a stage reads: lines of so many values, as the assembly and as C see them. */
interface Source {
  readonly width: number;
  readonly load: "lw" | "lhu";
  /** Bytes from value to value. */
  readonly step: number;
}

function loopFacts({ columns }: Stage, lines: number, { width, load, step }: Source): Readonly<Record<string, unknown>> {
  const line = width * step;
  const lineEnd = columns * step;
  return { load, step, line, lineEnd, lastEnd: (lines - 1) * line + lineEnd, skip: line - lineEnd };
}

const storeOf = (element: StoredElement): string => (element === "i32" ? "sw" : element === "i8" ? "sb" : "sh");

/** The first stage at two windows at once. */
export function generatedPairs(
  stage: Stage,
  width: number,
  { half, below }: GeneratedLayout,
  element: StoredElement,
  coding: KernelCoding,
): Helper {
  const { rows, columns, shift } = stage;
  const cell = elementBytes[element];
  return {
    name: named(`generated_pairs_${rows}x${columns}`, coding),
    template: "depthwise-chain/routines/generated-pairs",
    facts: {
      ...calls(coding),
      ...loopFacts(stage, half, { width, load: "lw", step: 4 }),
      ...{ rows, columns, shift, width, lanes: below, out: cTypes[element], store: storeOf(element), outStep: cell, based: 0 },
      highShift: 16 + shift,
      grain: 2 ** shift,
      remainder: 2 ** shift - 1,
      high: below * columns * cell,
      highCells: below * columns,
      imageEnd: half * width,
      linesAt: 4 * (half + 2) * width,
      ...(coding.registers.borrowing
        ? { registers: "t1 offset       t2 zero", offset: "t1", zero: "t2", frame: "a0" }
        : { registers: "on the stack   12 offset   20 zero", offset: "a0", zero: "a1", frame: "sp" }),
    },
    code: coding.registers.borrowing ? 208 : 222,
    resident: false,
    ...frameOf(coding),
  };
}

/** The first stage at one window at a time, of one half of the words of the image. */
export function generatedLane(
  stage: Stage,
  width: number,
  { half }: GeneratedLayout,
  element: StoredElement,
  coding: KernelCoding,
): Helper {
  const source = { width, load: "lhu", step: 4 } as const;
  const facts = {
    ...calls(coding),
    ...mapFacts({ ...stage, rows: half, pooled: false }, source, element, coding),
    in: "uint32_t",
    based: 1,
    value: "*x >> 8 * half & 0xFFFFu",
  };
  return {
    name: named(`generated_lane_${half}x${stage.columns}`, coding),
    template: "depthwise-chain/routines/generated-map",
    facts,
    code: coding.registers.borrowing ? 128 : 134,
    resident: false,
    ...frameOf(coding),
  };
}

/** A stage that reads a map. */
export function generatedMap(stage: Stage, width: number, from: StoredElement, to: StoredElement, coding: KernelCoding): Helper {
  const { rows, columns, pooled } = stage;
  const source = { width, load: from === "i32" ? "lw" : "lhu", step: elementBytes[from] } as const;
  const facts = { ...calls(coding), ...mapFacts(stage, source, to, coding), in: cTypes[from], based: 0, value: "(uint32_t)*x" };
  return {
    name: named(`generated_${rows}x${columns}_${from}_${to}${pooled ? "_pooled" : ""}`, coding),
    template: "depthwise-chain/routines/generated-map",
    facts,
    code: (pooled ? 140 + 2 * columns : 128) + (coding.registers.borrowing ? 0 : 6),
    resident: false,
    ...frameOf(coding),
  };
}

function mapFacts(
  stage: Stage,
  source: Source,
  to: StoredElement,
  { registers: { borrowing } }: KernelCoding,
): Readonly<Record<string, unknown>> {
  const { rows, columns, pooled, shift } = stage;
  const { width } = source;
  const cell = elementBytes[to];
  const size = pooled ? 2 : 1;
  return {
    ...loopFacts(stage, rows, source),
    ...{ rows, columns, pooled, shift, cell, out: cTypes[to], store: storeOf(to) },
    loadOut: to === "i32" ? "lw" : "lhu",
    outStep: cell / size,
    outLine: (columns / size) * cell,
    cells: columns / size,
    ...(borrowing ? { last: "t1", other: "t2" } : { last: "a1", other: "a0" }),
    registers: `${borrowing ? "t1" : "on the stack   12"} ra of the last line   ${borrowing ? "t2" : "20"} ${pooled ? "bytes of a line of sums at the upper of two lines" : "base"}`,
    inLine: width,
    band: size * width,
    inEnd: rows * width,
    bandEnd: columns,
    pairStep: size,
  };
}
