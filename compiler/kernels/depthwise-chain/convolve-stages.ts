import type { Interrupts } from "../../ir/plan.js";
import type { Calls, Placement, Routine } from "../../ir/routine.js";
import type { Program } from "../../riscv/index.js";
import { routine, sizesOf } from "../routine.js";
import type { ChannelStages, Stage } from "./channel-stages.js";
import { frameBytes, type Places } from "./rv32-convolve-loop.js";
import { mapProgram } from "./rv32-convolve-map.js";
import { pairsProgram } from "./rv32-convolve-pairs.js";

/** How the image and the map of one channel lie in scratch space, in words: lines are as long as a power of two. */
export interface ConvolveLayout {
  readonly line: number;
  /** Rows of windows of which each word of the image has two, this far apart. */
  readonly half: number;
  readonly below: number;
  /** Words of the image; the map follows, with two lines to unpack the lower half of the image in. */
  readonly imageCells: number;
  readonly words: number;
}

export function convolveLayout({ input, stages: [first] }: ChannelStages): ConvolveLayout {
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

export function placedStages({ stages }: ChannelStages, { line }: ConvolveLayout): readonly PlacedStage[] {
  let spacing = 1;
  return stages.map((stage) => {
    const placed = { ...stage, spacing, line: line * spacing };
    if (stage.pooled) spacing *= 2;
    return placed;
  });
}

/** Places relative to the pointer of the assembly's loop over two windows. */
function placesOf({ columns, spacing, line, rows, pooled }: PlacedStage): Places {
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
    columns: [-bias, step - bias, 2 * step - bias, 3 * step - bias],
    cell: -bias,
    nextCell: step - bias,
    cellAbove: -bias - 4 * line,
  };
}

/** How the stages' functions are compiled: where interrupts are disabled, assembly holds data in registers that handlers rely on. */
export interface ConvolveCode {
  readonly level: "int8_t" | "int16_t";
  readonly assembly: boolean;
  readonly interrupts: Interrupts;
}

/** Bytes of what a compiler makes of a loop over windows, about. */
const portableBytes = 260;

/** What a routine has of its assembly, where it has some. */
const bytesOf = (program: Program | undefined) => (program === undefined ? { code: portableBytes } : sizesOf(program));

const contextOf = (program: Program | undefined) => (program === undefined ? { assembly: false } : { assembly: true, program });

const levelBytes = ({ level }: ConvolveCode): 1 | 2 => (level === "int8_t" ? 1 : 2);

/** The function of a stage that reads what the one before wrote. */
export function convolveMap(stage: PlacedStage, code: ConvolveCode, placement: Placement): Routine {
  const { level, interrupts } = code;
  const { rows, columns, pooled, shift, spacing, line } = stage;
  const program = code.assembly ? mapProgram(interrupts, levelBytes(code), placesOf(stage), stage) : undefined;
  return routine("depthwise-chain/routines/convolve-map", {
    label: `convolve_${rows}x${columns}_by_${spacing}${pooled ? "_pooled" : ""}${shift === 0 ? "_last" : ""}`,
    context: {
      ...contextOf(program),
      ...{ rows, columns, pooled, shift, spacing, line, level },
      mapEnd: rows * line,
      band: (pooled ? 2 : 1) * line,
      bandEnd: columns * spacing,
      cornerStep: (pooled ? 2 : 1) * spacing,
    },
    calls: stateOf(code),
    placement,
    ...bytesOf(program),
  });
}

/** The function of the first stage, at two windows at once. */
export function convolvePairs(stage: PlacedStage, layout: ConvolveLayout, code: ConvolveCode, placement: Placement): Routine {
  const { level, interrupts } = code;
  const { half, below, imageCells } = layout;
  const { rows, columns, shift, line } = stage;
  const pairs = { shift, low: 4 * imageCells, high: 4 * (imageCells + below * line) };
  const program = code.assembly ? pairsProgram(interrupts, levelBytes(code), placesOf({ ...stage, rows: half }), pairs) : undefined;
  return routine("depthwise-chain/routines/convolve-pairs", {
    label: `convolve_pairs_${rows}x${columns}${shift === 0 ? "_last" : ""}`,
    context: {
      ...contextOf(program),
      ...{ rows, columns, shift, line, level, imageCells, lanes: below },
      highShift: 16 + shift,
      imageEnd: half * line,
      lanesEnd: below * line,
    },
    calls: stateOf(code),
    placement,
    ...bytesOf(program),
  });
}

/** The first stage at one window at a time, of one half of the words of the image and then of the other. */
export function convolveHalves(
  stage: PlacedStage,
  { half, below, imageCells }: ConvolveLayout,
  code: ConvolveCode,
  placement: Placement,
): Routine {
  const { rows, columns, line } = stage;
  return routine("depthwise-chain/routines/convolve-halves", {
    label: `convolve_halves_${rows}x${columns}`,
    context: { level: code.level, imageCells, lanesEnd: below * line },
    calls: { single: convolveMap({ ...stage, rows: half }, code, placement) },
  });
}

/** Where assembly keeps what it has no registers for, while `sp` holds data: words of RAM beside code. */
export const stateRoutine = (words: number): Routine =>
  routine("depthwise-chain/routines/convolve-state", { context: { words }, code: 4 * words, placement: "ram" });

const stateOf = ({ assembly, interrupts }: ConvolveCode): Calls =>
  assembly && interrupts === "disabled" ? { state: stateRoutine(frameBytes / 4) } : {};
