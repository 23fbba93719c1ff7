import type { Helper } from "../ir/plan.js";
import { evenShape } from "./codebook-shape.js";
import { levelText } from "./dense-rows.js";
import { limitOf } from "./input-lists.js";
import { type LaneFields, unitsAtOnce } from "./lane-fields.js";
import type { Quantizer } from "./quantizer.js";

/** Where the frame of the assembly has lanes, in bytes. */
const spilledAt = 36;

/** Multiplies listed inputs by their weights, two at a time, and adds them to sums. */
export function lanesHelper(quantizer: Quantizer, fields: LaneFields, resident: boolean): Helper {
  const shape = evenShape(quantizer.levels)!;
  const stepShift = Math.log2(shape.step);
  const { bits, lanes, passes } = fields;
  const registers = ["t0", "t1", "t2", "ra"].slice(0, lanes);
  const facts = {
    bits,
    units: unitsAtOnce(fields),
    pairs: registers.map((register, index) => ({ index, register, shift: bits * index, spilled: spilledAt + 4 * index })),
    registers: registers.join(", "),
    last: registers.at(-1)!,
    laneEnd: spilledAt + 4 * lanes,
    frameWords: spilledAt / 4 + lanes,
    mask: `0x${((2 ** bits - 1) * 0x10001).toString(16).toUpperCase()}`,
    several: passes > 1,
    passBits: bits * lanes,
    ...{ stepShift, lowShift: 16 - stepShift, most: quantizer.levels.length - 1, limit: limitOf(quantizer), level: levelText(shape), lowest: shape.lowest },
  };
  return { name: `add_${quantizer.name}_lanes${resident ? "_quickly" : ""}`, template: "add-lanes", facts, code: 172 + 28 * lanes + (passes > 1 ? 36 : 0), resident };
}
