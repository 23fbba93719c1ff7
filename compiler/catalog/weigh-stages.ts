import type { Helper } from "../ir/plan.js";
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

/** Registers of the nine weights, in reading order. */
const kernelRegisters = ["s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5", "ra"];

/** Places relative to the pointer of the assembly's loop over two windows, which ends its lines at multiples of `mask` + 1. */
function loopFacts({ columns, spacing, line, rows, pooled }: PlacedStage, levelBytes: number): Readonly<Record<string, unknown>> {
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
    load: levelBytes === 1 ? "lb" : "lh",
    kernel: kernelRegisters.map((register, tap) => ({ register, at: tap * levelBytes })),
  };
}

/** How the stages' functions are compiled: assembly holds data in registers that handlers rely on. */
export interface WeighCode {
  readonly level: "int8_t" | "int16_t";
  readonly assembly: boolean;
}

/** The function of a stage that reads what the one before wrote. */
export function mapHelper(stage: PlacedStage, { level, assembly }: WeighCode): Helper {
  const { rows, columns, pooled, shift, spacing, line } = stage;
  return {
    name: `weigh_${rows}x${columns}_by_${spacing}${pooled ? "_pooled" : ""}${shift === 0 ? "_last" : ""}`,
    template: "weigh-map",
    facts: {
      ...loopFacts(stage, level === "int8_t" ? 1 : 2),
      ...{ rows, columns, pooled, shift, spacing, line, level, assembly, lanes: 0 },
      mapEnd: rows * line,
      band: (pooled ? 2 : 1) * line,
      bandEnd: columns * spacing,
      cornerStep: (pooled ? 2 : 1) * spacing,
    },
    code: assembly ? (pooled ? 620 : 375) : 260,
    resident: assembly,
  };
}

/** The function of the first stage, at two windows at once. */
export function pairsHelper(stage: PlacedStage, layout: WeighLayout, { level, assembly }: WeighCode): Helper {
  const { half, below, imageCells } = layout;
  const { rows, columns, shift, line } = stage;
  return {
    name: `weigh_pairs_${rows}x${columns}${shift === 0 ? "_last" : ""}`,
    template: "weigh-pairs",
    facts: {
      ...loopFacts({ ...stage, rows: half }, level === "int8_t" ? 1 : 2),
      ...{ rows, columns, shift, line, level, assembly, imageCells, lanes: below },
      highShift: 16 + shift,
      imageEnd: half * line,
      lanesEnd: below * line,
      map: 4 * imageCells,
      mapHigh: 4 * (imageCells + below * line),
    },
    code: assembly ? 460 : 260,
    resident: assembly,
  };
}

/** The functions of the first stage at one window at a time, the last of which is called: for few kernels, so that they need not run from RAM. */
export function halvesHelpers(stage: PlacedStage, { half, below, imageCells }: WeighLayout, code: WeighCode, resident: boolean): readonly [Helper, Helper] {
  const { rows, columns, line } = stage;
  const quick = mapHelper({ ...stage, rows: half }, code);
  const single = resident ? quick : { ...quick, name: `${quick.name}_from_flash`, resident };
  const facts = { level: code.level, imageCells, lanesEnd: below * line, single: single.name };
  return [single, { name: `weigh_halves_${rows}x${columns}`, template: "weigh-halves", facts, code: 106, resident: false }];
}

/** Where assembly keeps what it has no registers for: 36 bytes of RAM. */
export const stateHelper: Helper = { name: "weigh_state", template: "weigh-state", facts: { words: 9 }, code: 36, resident: true };
