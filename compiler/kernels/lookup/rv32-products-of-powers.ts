import { at, inout, input, namesOf, out, type Program, program, type Register } from "../../riscv/index.js";
import { slli, sub, sw } from "../../riscv/instructions.js";

const operands = {
  ...{ pair: inout("pair"), opposite: out("opposite") },
  ...{ positive: input("positive"), negative: input("negative"), borrowed: input("0x10000") },
} as const;

/** Stores the products of a distance by so many pairs of powers of two, and those by their negatives. */
export function productsOfPowers(pairs: number): Program {
  const { pair, opposite, positive, negative, borrowed } = namesOf(operands);
  const store = (products: Register, value: Register, index: number) => sw(value, at(products, 4 * index));
  return program(
    Array.from({ length: pairs }, (_, index) => [
      store(positive, pair, index),
      sub(opposite, borrowed, pair),
      store(negative, opposite, index),
      index < pairs - 1 && slli(pair, pair, 2),
    ]),
    operands,
  );
}
