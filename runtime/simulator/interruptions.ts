import { Trap } from "./fault.js";
import { globalPointer, stackPointer, threadPointer } from "#compiler/riscv/index.js";
import { type AddressSpace, bytesAt } from "./memory.js";
import type { StackArea } from "./stack.js";

/** Interrupts of a run. Their handler restores every register that it uses; its time is not counted. */
export interface Interruptions {
  /** Instructions from one interrupt to the next, asked for anew at each: always 1 interrupts before every instruction. */
  readonly gap: () => number;
  /** Bytes that the handler pushes below sp. */
  readonly frame: number;
  /** What gp and tp have to be for handlers that reach variables through them; anything, where these do not. */
  readonly pointers?: { readonly gp?: number | undefined; readonly tp?: number | undefined };
}

/** What a handler leaves below sp. */
const pushed = 0x5a;

/**
 * What an interrupt does to the program that it comes to, before the instruction at `pc`: it writes over the bytes below sp, down to the
 * end of the stack at most. Traps where sp is none, and where gp or tp are not what handlers rely on.
 */
export function interrupt(
  { frame, pointers: { gp, tp } = {} }: Interruptions,
  x: Int32Array,
  space: AddressSpace,
  { bottom, top }: StackArea,
  pc: number,
): void {
  const sp = x[stackPointer]! >>> 0;
  if (sp < bottom || sp > top || sp % 4 !== 0) throw new Trap("interrupted-without-stack", pc);
  if (gp !== undefined && x[globalPointer]! >>> 0 !== gp >>> 0) throw new Trap("interrupted-without-globals", pc);
  if (tp !== undefined && x[threadPointer]! >>> 0 !== tp >>> 0) throw new Trap("interrupted-without-thread", pc);
  const bytes = Math.min(frame, sp - bottom);
  if (bytes > 0) bytesAt(space, sp - bytes, bytes).fill(pushed);
}
