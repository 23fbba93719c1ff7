import type { Item, RegisterName } from "../../riscv/index.js";
import { and, or, xor } from "../../riscv/instructions.js";

/** A full adder: sum + a + b, bit by bit, to the sum and a carry of twice the weight; a and b change, one may become the carry. */
export const fullAdder = (sum: RegisterName, a: RegisterName, b: RegisterName, carry: RegisterName): Item => [
  [xor(b, b, a), xor(sum, sum, b), or(a, a, b)],
  [and(b, b, sum), xor(carry, a, b)],
];

/** A half adder: sum + word to the sum and a carry. */
export const halfAdder = (sum: RegisterName, word: RegisterName, carry: RegisterName): Item => [and(carry, sum, word), xor(sum, sum, word)];
