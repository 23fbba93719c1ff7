import { at, label, type Program, program } from "../../riscv/index.js";
import { add, addi, bltu, lbu, lw, ret, slli, sub, sw } from "../../riscv/instructions.js";
import { a0, a1, a2, a3, a4, a5 } from "../../riscv/registers.js";

/** Copies a kernel that is code, in words, to where its code is to end. */
export function copyCode(): Program {
  const loop = label();
  return program([
    "a2 the kernel, a5 where its code ends; it begins at a1.",
    lbu(a0, at(a2, 0)),
    lbu(a1, at(a2, 1)),
    slli(a0, a0, 2),
    add(a0, a0, a2),
    sub(a1, a5, a1),
    loop,
    addi(a0, a0, -8, "two words, from the end to before the first"),
    addi(a5, a5, -8),
    lw(a3, at(a0, 4)),
    lw(a4, at(a0, 0)),
    sw(a3, at(a5, 4)),
    sw(a4, at(a5, 0)),
    bltu(a2, a0, loop),
    ret(),
  ]);
}
