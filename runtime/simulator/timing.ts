import type { PlacedMemory } from "./memory.js";

/**
 * The cycle model of a core, made for QingKe V2; the numbers come from the target. An instruction costs what its class costs here, and
 * waits for its code to arrive:
 *
 * - A memory delivers code in lines, one each 1 + wait states cycles, in slots that cannot be cut short.
 * - Two lines may wait ahead of the one that executes.
 * - A taken branch or jump asks for its target `redirect` cycles after it executed, waits for the slot that is under
 *   way, and executes the target when its line has come. What needs the next line waits for that too, which is why
 *   targets that straddle lines, or begin late in one, cost more.
 * - In memory with wait states the first 32-bit instruction after a jump, unless its line already waited, falls
 *   `wideDelay` cycles behind the lines, and what follows stays behind until the next jump.
 *
 * docs/decisions/0010-cycle-model.md holds the measurements that led to it.
 */
export interface Timing {
  readonly alu: number;
  /** From and to memory without wait states, and to peripherals. */
  readonly load: number;
  readonly store: number;
  /** A branch that is not taken; of a taken one, a jump, a call or a return the part before the redirection. */
  readonly branch: number;
  readonly redirect: number;
  readonly multiply: number;
  /** For cores with M; no QingKe V2 divides. */
  readonly divide: number;
  /** Access to a control and status register. */
  readonly csr: number;
  readonly lineBytes: number;
  readonly wideDelay: number;
}

/** Cycles from one line of a memory to the next. */
export const lineCycles = (memory: PlacedMemory): number => 1 + memory.waitStates;

/** How far 32-bit instructions fall behind in a memory. */
export const wideDelayIn = (memory: PlacedMemory, timing: Timing): number => (memory.waitStates > 0 ? timing.wideDelay : 0);

/**
 * Whether an instruction, reached from the one before it, may have to wait for a line. Where a line comes every cycle
 * only the target of a jump can, when it straddles two.
 */
export function mayWait(offset: number, bytes: number, memory: PlacedMemory, timing: Timing): boolean {
  const begins = offset % timing.lineBytes === 0;
  const straddles = (offset % timing.lineBytes) + bytes > timing.lineBytes;
  return straddles || (begins && memory.waitStates > 0);
}
