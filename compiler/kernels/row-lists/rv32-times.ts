import { signedDigits } from "../../catalog/codebook/signed-digits.js";
import type { Item, Register } from "../../riscv/index.js";
import { add, li, mv, slli, sub } from "../../riscv/instructions.js";

/** A register times a constant, by additions of its signed digits; `value` is shifted meanwhile. */
export function timesInto(product: Register, value: Register, constant: number): Item {
  if (constant === 0) return li(product, 0);
  return signedDigits(constant).map(({ shift, negative }, index, all) => {
    const by = shift - (all[index - 1]?.shift ?? 0);
    if (index > 0) return [slli(value, value, by), (negative ? sub : add)(product, product, value)];
    return negative
      ? [by > 0 && slli(value, value, by), sub(product, "zero", value)]
      : by > 0
        ? [slli(value, value, by), mv(product, value)]
        : mv(product, value);
  });
}
