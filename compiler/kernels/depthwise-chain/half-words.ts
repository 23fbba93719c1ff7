import { halfWord, halfWords, numberOf } from "../../riscv/index.js";
import { s0, s1 } from "../../riscv/registers.js";

/** The instructions that machine code for kernels is made of, as half-words; registers are numbers. */

/** The weighted sum, and the first value of the window. */
export const [sum, first] = [numberOf(s0), numberOf(s1)];

export const clear = halfWord("c.li", { rd: sum });
export const move = (to: number, from: number): number => halfWord("c.mv", { rd: to, rs2: from });
export const add = (to: number, what: number): number => halfWord("c.add", { rd: to, rs1: to, rs2: what });
export const shiftLeft = (what: number, bits: number): number => halfWord("c.slli", { rd: what, rs1: what, immediate: bits });
/** One for x8 to x15, as far as the compressed form reaches, else two. */
export const subtract = (from: number, what: number): readonly number[] => halfWords("sub", { rd: from, rs1: from, rs2: what });
