import { at, inout, input, label, namesOf, out, type Program, program } from "../../riscv/index.js";
import { add, addi, bltz, bne, j, lw, or, sb, srl, srli, sub } from "../../riscv/instructions.js";
import { zero } from "../../riscv/registers.js";

/** The bits of all sums that are not negative, together: they reach as high as those of the largest. */
export function unionOfBits(): Program {
  const operands = { sum: inout("sum"), bits: inout("bits"), value: out("value"), end: input("in_end") };
  const { sum, bits, value, end } = namesOf(operands);
  const [next, skip] = [label(), label()];
  return program(
    [next, lw(value, at(sum, 0)), addi(sum, sum, 4), bltz(value, skip), or(bits, bits, value), skip, bne(sum, end, next)],
    operands,
  );
}

/** Each sum shifted right, rounding half up, what is one bit too long saturated; zero where it is negative. */
export function shiftSums(bits: number): Program {
  const operands = {
    ...{ in: inout("in"), out: inout("out"), value: out("value"), excess: out("excess") },
    ...{ end: input("in_end"), half: input("half"), shift: input("shift") },
  };
  const { in: from, out: to, value, excess, end, half, shift } = namesOf(operands);
  const [next, negative, done] = [label(), label(), label()];
  return program(
    [
      next,
      lw(value, at(from, 0)),
      addi(from, from, 4),
      bltz(value, negative),
      add(value, value, half),
      srl(value, value, shift),
      srli(excess, value, bits),
      sub(value, value, excess),
      sb(value, at(to, 0)),
      addi(to, to, 1),
      bne(from, end, next),
      j(done),
      negative,
      sb(zero, at(to, 0)),
      addi(to, to, 1),
      bne(from, end, next),
      done,
    ],
    operands,
  );
}
