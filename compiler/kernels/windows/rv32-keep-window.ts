import { align, at, inout, input, label, namesOf, out, type Program, program } from "../../riscv/index.js";
import { add, addi, bge, bgez, bltu, lbu, li, lw, sb, sra, sw } from "../../riscv/instructions.js";
import { zero } from "../../riscv/registers.js";

/** Keeps sums as bytes, or the larger one where the byte has another, until one is too large: it is `result` then. */
export function keepSums(based: boolean, pooled: boolean): Program {
  const operands = {
    ...{ sum: inout("sum"), slot: inout("slot"), result: out("result"), stored: out("stored") },
    ...(based ? { base: inout("base") } : {}),
    ...{ limit: input("limit"), shift: input("kept->shift"), area: input("kept->area"), end: input("kept->end") },
  } as const;
  const { sum, slot, result, stored, base, limit, shift, area, end } = namesOf(operands);
  const [loop, positive, smaller, large] = [label(), label(), label(), label()];
  return program(
    [
      align(4),
      loop,
      lw(result, at(sum)),
      base !== undefined && [lw(stored, at(base)), add(result, result, stored)],
      bge(result, limit, large),
      sw(zero, at(sum)),
      addi(sum, sum, 4),
      base !== undefined && addi(base, base, 4),
      pooled
        ? [sra(result, result, shift), lbu(stored, at(slot)), bge(stored, result, smaller)]
        : [bgez(result, positive), li(result, 0), positive, sra(result, result, shift)],
      sb(result, at(slot)),
      smaller,
      add(slot, slot, area),
      bltu(slot, end, loop),
      large,
    ],
    operands,
  );
}
