import { at, hi, lo, type Program, program, symbol, unrelaxed } from "../../riscv/index.js";
import { addi, andi, jr, lbu, li, lui, mv, or, slli, sw } from "../../riscv/instructions.js";
import { a0, a1, a2, a3, a4, a5, gp, ra, sp, t0, t1, tp } from "../../riscv/registers.js";
import { type CodeRegisters, frameAt } from "./code-registers.js";
import { add, first, subtract, sum } from "./half-words.js";

/** Gets the bits of a kernel into registers, for the loop over their places. */
export function writeCode({ borrowing }: CodeRegisters): Program {
  const slot = frameAt(sp);
  return program([
    "a2 the kernel, a5 where its code ends; it begins at a1.",
    unrelaxed(
      sw(ra, slot.link),
      mv(a0, a2),
      mv(a1, a5),
      borrowing ? addi(gp, a0, 7, "the highest bits") : [addi(t0, a0, 7, "the highest bits"), sw(t0, slot.highest)],
      li(tp, add(sum, first) ^ subtract(sum, first)[0]!),
      lbu(a5, at(a0, 8)),
      slli(a5, a5, 8),
      lbu(a2, at(a0, 0)),
      andi(a3, a5, 0x100),
      or(a2, a2, a3),
      li(a4, 0),
      li(t0, 0),
      lui(t1, hi(symbol("loop"))),
      jr(at(t1, lo(symbol("loop")))),
    ),
  ]);
}
