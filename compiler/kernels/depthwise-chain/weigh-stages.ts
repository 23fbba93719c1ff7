import type { Interrupts } from "../../ir/plan.js";
import type { Calls, Placement, Routine } from "../../ir/routine.js";
import { routine } from "../routine.js";
import type { ChannelStages, Stage } from "./channel-stages.js";

/** How the image and the map of one channel lie in scratch space, in words: lines are as long as a power of two. */
export interface WeighLayout {
  readonly line: number;
  /** Rows of windows of which each word of the image has two, this far apart. */
  readonly half: number;
  readonly below: number;
  /** Words of the image; the map follows, with two lines to unpack the lower half of the image in. */
  readonly imageCells: number;
  readonly words: number;
}

export function weighLayout({ input, stages: [first] }: ChannelStages): WeighLayout {
  const { rows } = first!;
  const line = 2 ** Math.ceil(Math.log2(input.width));
  const half = Math.ceil(rows / 2);
  const imageCells = (half + 2) * line;
  return { line, half, below: rows - half, imageCells, words: imageCells + (rows + 2) * line };
}

/** A stage in its place: how far apart its values are after the pools before it. */
export interface PlacedStage extends Stage {
  readonly spacing: number;
  readonly line: number;
}

export function placedStages({ stages }: ChannelStages, { line }: WeighLayout): readonly PlacedStage[] {
  let spacing = 1;
  return stages.map((stage) => {
    const placed = { ...stage, spacing, line: line * spacing };
    if (stage.pooled) spacing *= 2;
    return placed;
  });
}

/** What the function of a stage keeps out of registers: on the stack, or in static memory where `sp` holds data. */
const frameBytes = 36;

/**
 * Registers of the nine weights, in reading order, and of where the windows are: as far as possible those that short instructions
 * do not reach. Two weights are on the stack where `gp` and `sp` are not to be had, and come to where their product goes.
 */
const registersFor = {
  disabled: { borrowing: true, at: "sp", kernel: ["s0", "s1", "ra", "tp", "t0", "t1", "a0", "gp", "t2"] },
  allowed: { borrowing: false, at: "a0", kernel: ["s0", "s1", "ra", "tp", "t0", "t1", undefined, undefined, "t2"] },
} as const;

/** Of three sums, and of what is at work. */
const working = { x: "a2", y: "a3", z: "a4", product: "a5", value: "a1" } as const;

/** Registers as the assembly names them. */
function registerContext({ interrupts, level }: WeighCode): Readonly<Record<string, unknown>> {
  const { borrowing, at, kernel } = registersFor[interrupts];
  const levelBytes = level === "int8_t" ? 1 : 2;
  return {
    ...working,
    ...{ borrowing, at, frameBytes },
    ...Object.fromEntries(kernel.map((register, tap) => [`w${tap}`, register ?? working.product])),
    kernel: kernel.flatMap((register, tap) => (register === undefined ? [] : [{ register, from: tap * levelBytes }])),
    load: levelBytes === 1 ? "lb" : "lh",
    ...{ sixth: 6 * levelBytes, seventh: 7 * levelBytes },
  };
}

/** Places relative to the pointer of the assembly's loop over two windows, which ends its lines at multiples of `mask` + 1. */
function loopContext({ columns, spacing, line, rows, pooled }: PlacedStage, code: WeighCode): Readonly<Record<string, unknown>> {
  const step = 4 * spacing;
  const span = Math.ceil(columns / 2) * 2 * step;
  const period = 2 ** Math.ceil(Math.log2(span));
  const bias = period - span;
  return {
    lineBytes: 4 * line,
    bias,
    mask: period - 1,
    step: 2 * step,
    skip: 4 * line - span,
    bands: pooled ? rows / 2 : rows,
    first: -bias,
    second: step - bias,
    third: 2 * step - bias,
    fourth: 3 * step - bias,
    cell: -bias,
    nextCell: step - bias,
    cellAbove: -bias - 4 * line,
    ...(code.assembly ? registerContext(code) : {}),
  };
}

/** How the stages' functions are compiled: where interrupts are disabled, assembly holds data in registers that handlers rely on. */
export interface WeighCode {
  readonly level: "int8_t" | "int16_t";
  readonly assembly: boolean;
  readonly interrupts: Interrupts;
}

/** The stack of assembly, where it has a frame. */
const frameOf = ({ assembly, interrupts }: WeighCode) => (assembly && interrupts === "allowed" ? { stack: frameBytes } : {});

/** The function of a stage that reads what the one before wrote. */
export function weighMap(stage: PlacedStage, code: WeighCode, placement: Placement): Routine {
  const { level, assembly } = code;
  const { rows, columns, pooled, shift, spacing, line } = stage;
  return routine("depthwise-chain/routines/weigh-map", {
    label: `weigh_${rows}x${columns}_by_${spacing}${pooled ? "_pooled" : ""}${shift === 0 ? "_last" : ""}`,
    context: {
      ...loopContext(stage, code),
      ...{ rows, columns, pooled, shift, spacing, line, level, assembly, lanes: 0 },
      mapEnd: rows * line,
      band: (pooled ? 2 : 1) * line,
      bandEnd: columns * spacing,
      cornerStep: (pooled ? 2 : 1) * spacing,
    },
    calls: stateOf(code),
    code: assembly ? (pooled ? 592 : 345) : 260,
    placement,
    ...frameOf(code),
  });
}

/** The function of the first stage, at two windows at once. */
export function weighPairs(stage: PlacedStage, layout: WeighLayout, code: WeighCode, placement: Placement): Routine {
  const { level, assembly } = code;
  const { half, below, imageCells } = layout;
  const { rows, columns, shift, line } = stage;
  return routine("depthwise-chain/routines/weigh-pairs", {
    label: `weigh_pairs_${rows}x${columns}${shift === 0 ? "_last" : ""}`,
    context: {
      ...loopContext({ ...stage, rows: half }, code),
      ...{ rows, columns, shift, line, level, assembly, imageCells, lanes: below },
      highShift: 16 + shift,
      imageEnd: half * line,
      lanesEnd: below * line,
      map: 4 * imageCells,
      mapHigh: 4 * (imageCells + below * line),
    },
    calls: stateOf(code),
    code: assembly ? 410 : 260,
    placement,
    ...frameOf(code),
  });
}

/** The first stage at one window at a time, of one half of the words of the image and then of the other. */
export function weighHalves(stage: PlacedStage, { half, below, imageCells }: WeighLayout, code: WeighCode, placement: Placement): Routine {
  const { rows, columns, line } = stage;
  return routine("depthwise-chain/routines/weigh-halves", {
    label: `weigh_halves_${rows}x${columns}`,
    context: { level: code.level, imageCells, lanesEnd: below * line },
    calls: { single: weighMap({ ...stage, rows: half }, code, placement) },
    code: 106,
  });
}

/** Where assembly keeps what it has no registers for, while `sp` holds data: words of RAM beside code. */
export const stateRoutine = (words: number): Routine =>
  routine("depthwise-chain/routines/weigh-state", { context: { words }, code: 4 * words, placement: "ram" });

const stateOf = ({ assembly, interrupts }: WeighCode): Calls =>
  assembly && interrupts === "disabled" ? { state: stateRoutine(frameBytes / 4) } : {};
