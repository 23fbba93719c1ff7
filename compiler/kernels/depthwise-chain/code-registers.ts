import type { Interrupts } from "../../ir/plan.js";
import { type Address, type RegisterName, slots } from "../../riscv/index.js";
import { a0, a1, a2, a3, a4, a5, gp, s1, sp, t0, t1, t2, tp } from "../../riscv/registers.js";

/** The registers that generated code and the functions around it use. */
export interface CodeRegisters {
  /** Whether `gp` and `sp` hold data; else the constants of a loop are on the stack. */
  readonly borrowing: boolean;
  /** A 3x3 window, column by column. */
  readonly window: readonly RegisterName[];
  /** The last two values of a window. */
  readonly seventh: RegisterName;
  readonly eighth: RegisterName;
  /** Where the window is, and where its sum goes. */
  readonly at: RegisterName;
  readonly to: RegisterName;
}

const firstSeven = [s1, a0, a1, a2, a3, a4, a5];

/** Where handlers of interrupts may come, `gp` and `sp` are theirs. */
export const codeRegisters: Readonly<Record<Interrupts, CodeRegisters>> = {
  disabled: { borrowing: true, window: [...firstSeven, gp, tp], seventh: gp, eighth: tp, at: sp, to: t0 },
  allowed: { borrowing: false, window: [...firstSeven, tp, t0], seventh: tp, eighth: t0, at: t1, to: t2 },
};

/** What run_code keeps out of registers: on the stack, or in static memory where `sp` holds data. */
const frame = slots("s0", "s1", "ra", "gp", "tp", "sp", "in", "out", "half", "low", "code", "loop", "link");

export const frameBytes = frame.bytes;

/** Its slots, with what some are later, when what they held is no longer needed or is in a register. */
export function frameAt(base: RegisterName) {
  const slot = frame.at(base);
  return {
    ...slot,
    /** While code is written: the highest bits of the weights. */
    highest: slot.gp,
    /** While a loop runs without `gp` and `sp`: its two constants. */
    first: slot.gp,
    second: slot.sp,
    /** What a blank window comes to. */
    blank: slot.half,
    /** Where the code begins; then the next pair of the list of blank windows. */
    begin: slot.link,
    list: slot.link,
  } satisfies Readonly<Record<string, Address>>;
}
