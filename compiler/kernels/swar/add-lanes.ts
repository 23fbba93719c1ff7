import type { Placement, Routine } from "../../ir/routine.js";
import type { Target } from "../../ir/target.js";
import { evenShape } from "../../catalog/codebook/shape.js";
import { levelText } from "../dense-rows/dense-rows.js";
import { limitOf } from "../sparse/input-lists.js";
import { type LaneFields, unitsAtOnce } from "./lane-fields.js";
import type { Job } from "../contract.js";
import { isEmbeddedRiscv, runsOwnAssembly } from "../instruction-sets.js";
import { routine } from "../routine.js";
import { addLanes, frameBytes, type Lanes, maskOf } from "./rv32-add-lanes.js";
import { addLanesTwice, twiceWords } from "./rv32-add-lanes-twice.js";
import type { Quantizer } from "../../catalog/codebook/quantizer.js";

/** A routine that accumulates listed inputs times their weights for all units, so many in a group. */
export interface LaneAdder {
  /** What it adds to the variant of an offer. */
  readonly way: string;
  routine(placement: Placement): Routine;
  /** From flash it is not worth its length. */
  readonly onlyFromRam: boolean;
  /** Words of scratch space behind a list. */
  readonly behind: number;
  /** Bytes of its stack. */
  readonly stack: number;
  /** Cycles of a group for a list, and for each of its entries. */
  readonly cycles: { readonly list: number; readonly entry: number };
}

/** Two weights to a multiplication: of one group at a time, or of two where interrupts may not come and their number is even. */
export function laneAdders({ interrupts, weights }: Job, target: Target, fields: LaneFields, groups: number): readonly LaneAdder[] {
  const { quantizer } = weights[0]!;
  const { lanes, passes } = fields;
  const entry = (runsOwnAssembly(target) ? 4 : 8) * lanes;
  const single: LaneAdder = {
    way: "",
    routine: (placement) => lanesRoutine(quantizer, fields, placement),
    onlyFromRam: false,
    behind: 0,
    stack: frameBytes,
    cycles: { list: 40 + 17 * lanes, entry: entry + (passes > 1 ? 12 : 11) },
  };
  const twice: LaneAdder = {
    way: ", two groups at once",
    routine: (placement) => twiceRoutine(quantizer, fields, placement),
    onlyFromRam: true,
    behind: twiceWords,
    stack: 0,
    cycles: { list: 80, entry: entry + 7 },
  };
  return interrupts === "disabled" && isEmbeddedRiscv(target) && passes <= 2 && groups % 2 === 0 ? [twice, single] : [single];
}

function lanesRoutine(quantizer: Quantizer, fields: LaneFields, placement: Placement): Routine {
  const add = addLanes(lanesOf(quantizer, fields));
  return routine("swar/routines/add-lanes", {
    label: `add_${quantizer.name}_lanes`,
    context: { ...laneContext(quantizer, fields), units: unitsAtOnce(fields), frameWords: frameBytes / 4, add },
    placement,
  });
}

function twiceRoutine(quantizer: Quantizer, fields: LaneFields, placement: Placement): Routine {
  const add = addLanesTwice(lanesOf(quantizer, fields));
  return routine("swar/routines/add-lanes-twice", {
    label: `add_${quantizer.name}_lanes_twice`,
    context: { ...laneContext(quantizer, fields), units: 2 * unitsAtOnce(fields), behind: twiceWords, add },
    placement,
  });
}

const lanesOf = ({ levels }: Quantizer, fields: LaneFields): Lanes => ({ ...fields, stepShift: Math.log2(evenShape(levels)!.step) });

function laneContext(quantizer: Quantizer, fields: LaneFields) {
  const { bits, lanes, passes } = fields;
  const shape = evenShape(quantizer.levels)!;
  return {
    bits,
    pairs: Array.from({ length: lanes }, (_, index) => ({ index, shift: bits * index })),
    mask: `0x${maskOf(fields).toString(16).toUpperCase()}`,
    several: passes > 1,
    passBits: bits * lanes,
    stepShift: Math.log2(shape.step),
    most: quantizer.levels.length - 1,
    limit: limitOf(quantizer),
    level: levelText(shape),
    lowest: shape.lowest,
  };
}
