import { at, enterFrame, hi, label, lo, pinned, type Program, program, restore, save, symbol, written } from "../../riscv/index.js";
import { addi, andi, jr, la, lui, lw, mv, or, slli, srai, srli, sw } from "../../riscv/instructions.js";
import { a0, a1, a2, ra, s0, s1, sp, tp } from "../../riscv/registers.js";
import { digits } from "./digits.js";
import { zeroPoint, ends, fourZeroPoints, frame, indexAndRoom, next, value, walkWords } from "./rv32-digit-walk.js";

const walk = symbol("walk");

/** Sets up the registers of the loop over inputs from `a0` digits, `a1` a frame and `a2` the room in every list, and takes them back. */
export function listWords(): Program {
  const resume = label();
  const [given, slot, field] = [frame.at(a1), frame.at(sp), digits.at(a0)];
  const endOf = (list: number) => at(a0, digits.offsets.ends + 4 * list);
  return program(
    [
      `${next} next input    ${indexAndRoom} its number, and room - 4 in the high half    ${value} the input, and scratch    ${zeroPoint} zero point`,
      `${fourZeroPoints} zero point, four times    ${ends.join(", ")} ends of the lists 0 to 7`,
      save(given, s0, s1, ra, tp, sp),
      enterFrame(a1),
      sw(a0, slot.digits),
      [lw(value, field.end), addi(value, value, -3), sw(value, slot.end)],
      [lw(indexAndRoom, field.index), addi(a2, a2, -4), slli(a2, a2, 16), or(indexAndRoom, indexAndRoom, a2)],
      lw(next, field.x),
      ends.map((end, list) => lw(end, endOf(list))),
      [lw(zeroPoint, field.zero_point), andi(fourZeroPoints, zeroPoint, 255)],
      [slli(value, fourZeroPoints, 8), or(fourZeroPoints, fourZeroPoints, value)],
      [slli(value, fourZeroPoints, 16), or(fourZeroPoints, fourZeroPoints, value)],
      [la(value, resume), sw(value, slot.resume)],
      [lui(value, hi(walk)), jr(at(value, lo(walk)))],
      [resume, lw(a0, slot.digits), sw(next, field.x)],
      ends.map((end, list) => sw(end, endOf(list))),
      [slli(value, indexAndRoom, 16), srli(value, value, 16), sw(value, field.index)],
      [srai(a2, indexAndRoom, 16), addi(a2, a2, 4)],
      mv(a1, sp),
      restore(given, s0, s1, ra, tp, sp),
    ],
    pinned(a0, a1, a2),
    written(walkWords()),
  );
}
