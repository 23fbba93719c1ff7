import { at, inout, input, label, namesOf, out, type Program, program } from "../../riscv/index.js";
import { add, addi, and, bgeu, lw, srli, sub, sw } from "../../riscv/instructions.js";

const operands = {
  ...{ next: inout("next"), four: out("four"), odd: out("odd") },
  ...{ ones: input("0x01010101"), last: input("last") },
} as const;

/** Halves four bytes at a time, from the last word down to the first, rounding half up; 128 becomes 127. */
export function roundWords(): Program {
  const { next, four, odd, ones, last } = namesOf(operands);
  const loop = label();
  return program(
    [
      loop,
      lw(four, at(next, -3)),
      and(odd, four, ones),
      sub(four, four, odd),
      srli(four, four, 1),
      add(four, four, odd),
      srli(odd, four, 7),
      and(odd, odd, ones),
      sub(four, four, odd),
      sw(four, at(next, -3)),
      addi(next, next, -4),
      bgeu(next, last, loop),
    ],
    operands,
  );
}
