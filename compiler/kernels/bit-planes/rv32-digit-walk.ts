import { align, at, type Item, label, type Program, program, type RegisterName, struct } from "../../riscv/index.js";
import { addi, andi, bgez, beq, bltu, bltz, bne, bnez, j, jr, lb, lui, lw, sb, slli, sub } from "../../riscv/instructions.js";
import { a0, a1, a2, a3, a4, a5, ra, s0, s1, sp, t0, t1, t2, tp } from "../../riscv/registers.js";

/** Registers of the loop over inputs. */
export const next = a1;
/** The number of the next input, and in the high half how many more than four each list has room for. */
export const indexAndRoom = s0;
/** An input, and scratch. */
export const value = s1;
export const zeroPoint = t0;
export const fourZeroPoints = a0;
/** The ends of the lists, that of ones first. */
export const ends: readonly RegisterName[] = [ra, tp, t1, t2, a2, a3, a4, a5];

/** What is on the stack meanwhile. */
export const frame = struct({
  digits: "uint32_t",
  end: ["uint32_t", "of whole words of inputs"],
  ...{ s0: "uint32_t", s1: "uint32_t", ra: "uint32_t", tp: "uint32_t", sp: "uint32_t" },
  resume: ["uint32_t", "where to go on"],
});

/** Lists inputs, four at a time where they equal the zero point, until their end, one below the zero point, or a full list. */
export function walkWords(): Program {
  const slot = frame.at(sp);
  const [four, more, some, one, listed, leave] = [label(), label(), label(), label(), label(), label()];
  return program([
    align(4),
    j(more),
    [four, lw(value, at(next, 0), "four inputs"), bne(fourZeroPoints, value, some)],
    [addi(next, next, 4), addi(indexAndRoom, indexAndRoom, 4)],
    [more, lw(value, slot.end), bltu(next, value, four), j(leave)],
    [some, bltz(indexAndRoom, leave, "no room for all of them")],
    align(4),
    [one, lb(value, at(next, 0), "one input: its digits from the highest down"), beq(value, zeroPoint, listed)],
    [sub(value, value, zeroPoint), bltz(value, leave), slli(value, value, 24)],
    ends.toReversed().map(appendIfSet),
    [lui(value, 16), sub(indexAndRoom, indexAndRoom, value)],
    [listed, addi(indexAndRoom, indexAndRoom, 1), addi(next, next, 1)],
    [andi(value, next, 3), bnez(value, one), j(more)],
    [leave, lw(value, slot.resume), jr(value)],
  ]);
}

/** The sign bit is the digit of the list. */
function appendIfSet(end: RegisterName): Item {
  const unset = label();
  return [bgez(value, unset), sb(indexAndRoom, at(end, 0)), addi(end, end, 1), unset, slli(value, value, 1)];
}
