import type { BorrowedRegister } from "../../ir/plan.js";
import type { Placement, Routine } from "../../ir/routine.js";
import type { Target } from "../../ir/target.js";
import { evenShape } from "../../catalog/codebook/shape.js";
import { levelText } from "../dense-rows/dense-rows.js";
import { limitOf } from "../sparse/input-lists.js";
import { type LaneFields, unitsAtOnce } from "./lane-fields.js";
import { codeBytes } from "../../riscv/index.js";
import type { Job } from "../contract.js";
import { isEmbeddedRiscv, runsOwnAssembly } from "../instruction-sets.js";
import { routine } from "../routine.js";
import { addLanes, frameBytes, laneRegisters } from "./rv32-add-lanes.js";
import type { Quantizer } from "../../catalog/codebook/quantizer.js";

/** Bytes of what C does before and behind the assembly: a frame. */
const frameCode = 16;

/** Registers that hold lanes of a second group where interrupts may not come. */
const otherRegisters = ["gp", "tp", "sp", "a1"];

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
  readonly borrows: readonly BorrowedRegister[];
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
    borrows: [],
  };
  const twice: LaneAdder = {
    way: ", two groups at once",
    routine: (placement) => twiceRoutine(quantizer, fields, placement),
    onlyFromRam: true,
    behind: 11,
    stack: 0,
    cycles: { list: 80, entry: entry + 7 },
    borrows: ["gp", "sp", "tp"],
  };
  return interrupts === "disabled" && isEmbeddedRiscv(target) && passes <= 2 && groups % 2 === 0 ? [twice, single] : [single];
}

function lanesRoutine(quantizer: Quantizer, fields: LaneFields, placement: Placement): Routine {
  const add = addLanes({ ...fields, stepShift: Math.log2(evenShape(quantizer.levels)!.step) });
  return routine("swar/routines/add-lanes", {
    label: `add_${quantizer.name}_lanes`,
    context: {
      ...laneContext(quantizer, fields),
      ...{ units: unitsAtOnce(fields), frameWords: frameBytes / 4 },
      add,
    },
    code: codeBytes(add) + frameCode,
    placement,
  });
}

function twiceRoutine(quantizer: Quantizer, fields: LaneFields, placement: Placement): Routine {
  const { lanes } = fields;
  const { pairs, ...context } = laneContext(quantizer, fields);
  const others = otherRegisters.slice(0, lanes);
  return routine("swar/routines/add-lanes-twice", {
    label: `add_${quantizer.name}_lanes_twice`,
    context: {
      ...context,
      pairs: pairs.map(({ index, shift }) => ({ index, shift })),
      units: 2 * unitsAtOnce(fields),
      otherRegisters: others.join(", "),
      otherLast: others.at(-1)!,
    },
    code: 138 + 114 * lanes,
    placement,
  });
}

function laneContext(quantizer: Quantizer, { bits, lanes, passes }: LaneFields) {
  const shape = evenShape(quantizer.levels)!;
  const stepShift = Math.log2(shape.step);
  const used = laneRegisters.slice(0, lanes);
  return {
    bits,
    pairs: used.map((register, index) => ({ index, register, shift: bits * index, lower: 8 * index, upper: 8 * index + 4 })),
    registers: used.join(", "),
    last: used.at(-1)!,
    mask: `0x${((2 ** bits - 1) * 0x10001).toString(16).toUpperCase()}`,
    several: passes > 1,
    passBits: bits * lanes,
    ...{
      stepShift,
      lowShift: 16 - stepShift,
      most: quantizer.levels.length - 1,
      limit: limitOf(quantizer),
      level: levelText(shape),
      lowest: shape.lowest,
    },
  };
}
