import {
  at,
  encodeFields,
  halfWord,
  hi,
  type Item,
  label,
  link,
  lo,
  numberOf,
  operationOf,
  type Program,
  program,
  restore,
  save,
  symbol,
  unrelaxed,
} from "../../riscv/index.js";
import {
  add,
  addi,
  andi,
  beqz,
  bltu,
  jal,
  jalr,
  jr,
  lbu,
  li,
  lui,
  lw,
  mv,
  or,
  ret,
  sh,
  slli,
  srli,
  sub,
  sw,
} from "../../riscv/instructions.js";
import { a0, a1, a2, a3, a4, a5, gp, ra, s0, s1, sp, t0, t1, t2, tp } from "../../riscv/registers.js";
import { type CodeRegisters, frameAt, frameBytes } from "./code-registers.js";

const state = symbol("state");

/** Has a kernel's code written, copies the loop that calls for it behind it, and goes there. */
export function runCode({ borrowing, at: window }: CodeRegisters): Program {
  const slot = frameAt(sp);
  const [copy, loop] = [label(), label()];
  // Backwards by less than 2048 bytes: the upper bits of the distance are set.
  const branch = encodeFields(operationOf.bne, { rs1: numberOf(window), rs2: link, immediate: -2048 });
  return program([
    "From the functions of stages, with their arguments: a0 in, a1 out, a2 kernel, a3, a4 a value that all of a window has,",
    "a5 code; t0 the loop, before which its bytes stand, where in it the branch to the code is, and where a line begins. What",
    "follows the loop is where to go, with a0, a1 and a3 as they were, s0 what the window of equal values sums up to, and in a5",
    "where a line begins in RAM.",
    unrelaxed(
      borrowing
        ? [lui(t1, hi(state)), addi(t1, t1, lo(state)), sw(sp, frameAt(t1).sp), mv(sp, t1), sw(gp, slot.gp)]
        : addi(sp, sp, -frameBytes),
      save(slot, s0, s1, ra, tp),
      [sw(a0, slot.in), sw(a1, slot.out), sw(a3, slot.half), sw(a4, slot.low), sw(a5, slot.code), sw(t0, slot.loop)],
      jal(symbol("writer")),
      lw(a5, slot.code),
      li(s0, 0),
      lw(t0, slot.low),
      beqz(t0, copy),
      convolveEqual(borrowing),
      copy,
      lw(a4, slot.loop),
      lbu(t1, at(a4, -4)),
      lbu(t2, at(a4, -3)),
      lbu(ra, at(a4, -2)),
      add(t1, t1, a4, "the end of the loop"),
      add(t2, t2, a5, "its branch, and where a line begins"),
      add(ra, ra, a5),
      loop,
      lw(a0, at(a4, 0), "the loop to RAM, and some bytes more"),
      lw(a2, at(a4, 4)),
      lw(a3, at(a4, 8)),
      sw(a0, at(a5, 0)),
      sw(a2, at(a5, 4)),
      lw(a0, at(a4, 12)),
      sw(a3, at(a5, 8)),
      sw(a0, at(a5, 12)),
      addi(a4, a4, 16),
      addi(a5, a5, 16),
      bltu(a4, t1, loop),
      [sub(a2, a1, t2), andi(a3, a2, 0x7e0), slli(a3, a3, 20), andi(a2, a2, 0x1e), slli(a2, a2, 7), or(a3, a3, a2)],
      li(a2, branch, `bne ${window}, ra, back to the code`),
      [or(a3, a3, a2), sh(a3, at(t2, 0)), srli(a3, a3, 16), sh(a3, at(t2, 2))],
      [lw(a0, slot.in), lw(a1, slot.out), lw(a3, slot.half)],
      mv(a5, ra),
      jr(t1),
    ),
  ]);
}

/** Runs the code for a window of t0, to s0; it begins at a1, which stays. */
function convolveEqual(borrowing: boolean): Item {
  const slot = frameAt(sp);
  return [
    li(a2, halfWord("c.jr", { rs1: link }), "ret"),
    sh(a2, at(a5)),
    sw(a1, slot.begin),
    mv(t1, a1),
    [s1, a0, a1, a2, a3, a4, a5, tp].map((value) => mv(value, t0)),
    borrowing && mv(gp, t0),
    jalr(t1),
    lw(a1, slot.begin),
    lw(a5, slot.code),
  ];
}

/** From where loops end back to C. */
export function leaveCode({ borrowing }: CodeRegisters): Program {
  const slot = frameAt(sp);
  return program(
    unrelaxed(
      borrowing && [lui(t0, hi(state)), addi(t0, t0, lo(state)), mv(sp, t0), lw(gp, slot.gp)],
      restore(slot, s0, s1, ra, tp),
      borrowing ? lw(sp, slot.sp) : addi(sp, sp, frameBytes),
      ret(),
    ),
  );
}
