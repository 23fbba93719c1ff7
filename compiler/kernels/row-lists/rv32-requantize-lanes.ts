import type { Ones } from "../../ir/types.js";
import { keepHighestOnes } from "../requantize/rv32-highest-ones.js";
import { type Address, at, type Item, label } from "../../riscv/index.js";
import { add, addi, and, andi, beqz, bnez, j, li, lw, or, slli, srl, srli, sub, sw } from "../../riscv/instructions.js";
import { a0, a1, a2, a3, a4, a5, ra, s0, s1, sp, t0, t1, t2, tp } from "../../riscv/registers.js";

/** Half-words of sums that a word of weights adds to, two in a word. */
export const sumWords = 4;

/** The same number in both halves of a word. */
const twice = (half: number): number => (half * 0x10001) | 0;

/** Where what requantizes finds its parameters. */
export interface Given {
  /** Words of weights in a pass. */
  readonly words: number;
  /** Bits of what is written, and how many of them may be set. */
  readonly bits: number;
  readonly ones?: Ones | undefined;
  /** Of the sums, from `sp`. */
  readonly sums: number;
  /** What is added to both halves: 32768, and what the lowest level comes to. */
  readonly ground: Address;
  readonly bias: Address;
  readonly shift: Address;
  readonly mask: Address;
  readonly out: Address;
}

/**
 * Requantizes two sums at a time: each half-word is the sum above -32768, so that its highest bit is set where it is not negative. Eight
 * values are a word of nibbles: the sums lie in the order in which words of weights hold them. `aside` follows the function. Leaves `ra` behind the biases, `t1` behind
 * what it wrote.
 */
export function requantizeLanes({ words, bits, ones, sums, ground, bias, shift, mask, out }: Given): {
  readonly loop: Item;
  readonly aside: Item;
} {
  const [word, pair, keep, next, saturate] = [label(), label(), label(), label(), label()];
  const [highest, most] = [twice(0x8000), 2 ** bits - 1];
  const excess = li(tp, twice(0x8000 - 2 ** bits));
  const loop = [
    `${a1} highest bits    ${a2} ground    ${t2} shift    ${a5} mask    ${tp} what sets the highest bit of what is too large`,
    `${t0} sums    ${ra} biases    ${t1} output    ${s0} a word of it    ${s1} pairs left`,
    [lw(t2, shift), lw(a5, mask), lw(t1, out), lw(a2, ground), lw(ra, bias)],
    [li(a1, highest), excess, addi(t0, sp, sums + 4 * (sumWords - 1)), li(s1, sumWords * words)],
    [word, li(s0, 0)],
    [pair, slli(s0, s0, 4), lw(a0, at(t0)), lw(a3, at(ra)), add(a0, a0, a3), add(a0, a0, a2)],
    [and(a3, a0, a1, "15 ones where it is not negative"), beqz(a3, next), srli(a4, a3, 15), sub(a3, a3, a4), and(a0, a0, a3)],
    [srl(a0, a0, t2), and(a0, a0, a5), add(a3, a0, tp), and(a3, a3, a1), bnez(a3, saturate)],
    [keep, or(s0, s0, a0)],
    [next, addi(t0, t0, -4), addi(ra, ra, -4), addi(s1, s1, -1), andi(a3, s1, sumWords - 1), bnez(a3, pair)],
    ones !== undefined && [li(a0, 0x11111111), keepHighestOnes(s0, a0, [a3, a4, tp], bits, ones), excess],
    [sw(s0, at(t1)), addi(t1, t1, 4), addi(t0, t0, 8 * sumWords), addi(ra, ra, 8 * sumWords), bnez(s1, word)],
  ];
  const aside = [
    [saturate, srli(a3, a3, 15, "ones in halves that are too large"), slli(a4, a3, bits), sub(a4, a4, a3), or(a0, a0, a4)],
    [li(a4, twice(most)), and(a0, a0, a4), j(keep)],
  ];
  return { loop, aside };
}
