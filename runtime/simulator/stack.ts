import { Failure } from "../failure.js";
import type { Image } from "./elf.js";
import { Trap } from "./fault.js";
import type { MemorySpec } from "./memory.js";

/** The addresses the stack may use: it grows from `top` down to `bottom`. */
export interface StackArea {
  readonly bottom: number;
  readonly top: number;
}

/** Watches the stack pointer. */
export interface StackWatch {
  /** To be called when sp is moved by an addition; traps when it leaves the stack at its lower end. */
  readonly adjust: (from: number, to: number) => void;
  /** The most bytes that were in use since the start or the last `forget`. */
  readonly used: () => number;
  readonly forget: () => void;
}

/**
 * Hand-written kernels borrow sp as a data register. It counts as a stack pointer as long as it points into the stack;
 * moving it below by an addition is an overflow, setting it to something else is a loan.
 */
export function watchStack({ bottom, top }: StackArea): StackWatch {
  let lowest = top;
  const adjust = (from: number, to: number): void => {
    const [before, after] = [from >>> 0, to >>> 0];
    if (before < bottom || before > top) return;
    if (after < bottom) throw new Trap("stack-overflow", after);
    if (after < lowest) lowest = after;
  };
  return { adjust, used: () => top - lowest, forget: () => void (lowest = top) };
}

/** From the end of the static data to the end of the first memory that can be written. */
export function stackAreaOf(image: Image, memories: readonly MemorySpec[]): StackArea {
  const ram = memories.find(({ writable }) => writable);
  if (ram === undefined) throw new Failure("the target has no RAM", "correct the memories of the target");
  const end = ram.base + ram.size;
  const ends = image.sections
    .filter(({ name, allocated, address }) => allocated && address >= ram.base && address < end && !/^\.(stack|heap)/.test(name))
    .map(({ address, size }) => address + size);
  return { bottom: Math.max(ram.base, ...ends), top: end };
}
