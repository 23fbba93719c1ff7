import { at, type Item, label, pinned, type Program, program, type RegisterName } from "../../riscv/index.js";
import { addi, and, bgeu, bne, li, lw, mv, slli, srli, sw, xor } from "../../riscv/instructions.js";
import { a0, a1, a2, a3, a4, a5, s0, s1, t0, t1, t2 } from "../../riscv/registers.js";

const [mask, scratch, first] = [s1, a2, t0];

/** Transposes eight slices to words of bytes: swaps blocks of four bits, of two, and of one. */
export function transposeSlices(): Program {
  const [nibbles, bits] = [label(), label()];
  const words = [a3, a4, a5, s0] as const;
  return program(
    [
      "a0 next slice   a1 next word   t0 the first   s1 mask   a2 scratch   a3 a4 a5 s0 words   t1 t2 what is restored",
      [mv(t1, s1), mv(t2, s0)],
      mv(first, a1),
      li(mask, 0x0f0f0f0f, "nibbles of words four apart"),
      addi(a3, a0, 16),
      [nibbles, lw(a4, at(a0, 0)), lw(a5, at(a0, 16)), swap(a4, a5, 4), sw(a4, at(a1, 0)), sw(a5, at(a1, 16))],
      [addi(a0, a0, 4), addi(a1, a1, 4), bne(a0, a3, nibbles)],
      [bits, li(mask, 0x33333333, "pairs of bits, then bits, of four words")],
      words.map((word, index) => lw(word, at(a1, 4 * index))),
      [swap(a3, a5, 2), swap(a4, s0, 2)],
      [mv(scratch, mask), slli(scratch, scratch, 1), xor(mask, mask, scratch)],
      [swap(a3, a4, 1), swap(a5, s0, 1)],
      words.map((word, index) => sw(word, at(a1, 4 * index))),
      [addi(a1, a1, -16), bgeu(a1, first, bits)],
      [mv(s1, t1), mv(s0, t2)],
    ],
    pinned(a0, a1),
  );
}

/** Swaps the bits of `low` above the mask with those of `high` that it has. */
const swap = (low: RegisterName, high: RegisterName, width: number): Item => [
  [mv(scratch, low), srli(scratch, scratch, width), xor(scratch, scratch, high), and(scratch, scratch, mask)],
  [xor(high, high, scratch), slli(scratch, scratch, width), xor(low, low, scratch)],
];
