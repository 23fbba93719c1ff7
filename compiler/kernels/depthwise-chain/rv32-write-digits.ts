import { at, hi, label, lo, numberOf, ownPart, type Program, program, unrelaxed } from "../../riscv/index.js";
import { add, addi, and, andi, beq, beqz, bgeu, bgez, bltz, bnez, j, jr, lbu, lhu, li, lui, lw } from "../../riscv/instructions.js";
import { mv, or, ret, sh, slli, srai, srli, sub, xor } from "../../riscv/instructions.js";
import { a0, a1, a2, a3, a4, a5, gp, ra, s0, s1, sp, t0, t1, t2, tp } from "../../riscv/registers.js";
import { type CodeRegisters, frameAt } from "./code-registers.js";
import * as code from "./half-words.js";
import { subtracts } from "./kernel-code.js";

/** Writes code for the digits of a kernel, from the lowest place on: backwards. */
export function writeDigits({ borrowing, seventh, eighth }: CodeRegisters): Program {
  const slot = frameAt(sp);
  const [place, rest, far, farDigit, near, store, step] = [label(), label(), label(), label(), label(), label(), label()];
  const [digit, skip, none, next] = [label(), label(), label(), label()];
  return program([
    "a0 bits of the weights   a2 bits, a3 the next            a4 carries           s0 digits     t0 doublings since the last digit",
    `a1 the code              a5 bits of weight 8, times 256  ${borrowing ? "gp the last bits     " : "12(sp) the last bits "}s1 negative   tp add ^ subtract`,
    "",
    "     s0 += x9 + w     c.add  1001 00 01000 wwwww 10      for the weights 0 to 6",
    "     s0 -= x9 + w     c.sub  1000 11 000 00 www 01",
    unrelaxed(
      place,
      mv(a3, a2, "beyond the highest bits there are more of the same"),
      borrowing ? beq(a0, gp, rest) : [lw(s0, slot.highest), beq(a0, s0, rest)],
      lbu(a3, at(a0, 1)),
      srli(a5, a5, 1),
      andi(s1, a5, 0x100),
      or(a3, a3, s1),
      rest,
      xor(s0, a2, a4),
      and(s1, s0, a3),
      and(a4, a4, a2),
      or(a4, a4, s1),
      mv(a2, a3),
      beqz(s0, next),
      beqz(t0, far),
      slli(t0, t0, 2, "c.slli s0, doublings"),
      addi(t0, t0, code.shiftLeft(code.sum, 0)),
      addi(a1, a1, -2),
      sh(t0, at(a1)),
      far,
      srli(a3, s0, 7),
      beqz(a3, near),
      srli(t2, s1, 7),
      li(t1, code.add(code.sum, numberOf(seventh)), `c.add s0, ${seventh} and c.add s0, ${eighth}: the weights 7 and 8`),
      farDigit,
      andi(t0, a3, 1),
      beqz(t0, step),
      mv(t0, t1),
      addi(a1, a1, -2),
      andi(ra, t2, 1),
      beqz(ra, store),
      slli(t0, t0, 2, `sub s0, s0, ${seventh} or ${eighth}`),
      lui(ra, 1),
      sub(t0, t0, ra),
      addi(t0, t0, -4),
      sh(t0, at(a1)),
      addi(a1, a1, -2),
      li(t0, code.subtract(code.sum, numberOf(seventh))[0]!),
      store,
      sh(t0, at(a1)),
      step,
      addi(t1, t1, 4),
      srli(t2, t2, 1),
      srli(a3, a3, 1),
      bnez(a3, farDigit),
      near,
      slli(s0, s0, 25),
      beqz(s0, none),
      slli(s1, s1, 25),
      li(t1, code.add(code.sum, numberOf(a5)), "c.add s0, x15"),
      bgez(s0, skip),
      digit,
      srai(t0, s1, 31),
      and(t0, t0, tp),
      xor(t0, t0, t1),
      addi(a1, a1, -2),
      sh(t0, at(a1)),
      skip,
      slli(s0, s0, 1),
      slli(s1, s1, 1),
      addi(t1, t1, -4),
      bltz(s0, digit),
      bnez(s0, skip),
      none,
      li(t0, 0),
      next,
      addi(t0, t0, 1),
      addi(a0, a0, 1),
      borrowing ? bgeu(gp, a0, place) : [lw(s0, slot.highest), bgeu(s0, a0, place)],
      lui(ra, hi(ownPart("end"))),
      jr(at(ra, lo(ownPart("end")))),
    ),
  ]);
}

/** Writes what comes before the digits: the first of them need not add, and values are merged before it. */
export function endDigits({ borrowing }: CodeRegisters): Program {
  const slot = frameAt(sp);
  const [clear, first, merge, done] = [label(), label(), label(), label()];
  return program(
    unrelaxed(
      lw(a5, slot.code),
      beq(a1, a5, clear),
      lhu(a2, at(a1), "what comes first need not add: c.add becomes c.mv"),
      srli(a3, a2, 12),
      addi(a3, a3, -(code.add(code.sum, code.first) >> 12)),
      bnez(a3, clear),
      lui(a3, 1),
      sub(a2, a2, a3),
      j(first),
      clear,
      addi(a1, a1, -2, "c.li s0, 0"),
      li(a2, code.clear),
      first,
      sh(a2, at(a1)),
      borrowing ? lbu(a2, at(gp, 2)) : [lw(a2, slot.highest), lbu(a2, at(a2, 2))],
      beqz(a2, done),
      andi(a3, a2, subtracts),
      li(a4, code.add(code.first, 0), "c.add s1"),
      beqz(a3, merge),
      li(a4, code.subtract(code.first, code.sum)[0]! - (subtracts << 2), "c.sub s1"),
      merge,
      slli(a2, a2, 2),
      add(a2, a2, a4),
      addi(a1, a1, -2),
      sh(a2, at(a1)),
      done,
      lw(ra, slot.link),
      ret(),
    ),
  );
}
