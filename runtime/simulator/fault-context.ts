import type { CallStack } from "./calls.js";
import type { RunningCore } from "./core.js";
import { disassemble, type Isa } from "#compiler/riscv/index.js";
import { hex } from "#compiler/text.js";
import type { FaultContext } from "./fault.js";
import { type AddressSpace, offsetOf } from "./memory.js";

interface Scene {
  readonly core: RunningCore;
  readonly space: AddressSpace;
  readonly calls: CallStack;
  readonly isa: Isa;
}

/** Takes down the state of a machine at the moment something went wrong. */
export function describeFault({ core, space, calls, isa }: Scene): FaultContext {
  // Where a wild jump led holds no instruction: the jump itself is what its author wants to see.
  const pc = offsetOf(space, core.pc()) < 0 ? core.departed() : core.pc();
  return {
    pc,
    location: locate(calls, pc),
    instruction: instructionAt(space, pc, isa),
    cycles: core.cycles(),
    registers: core.x.slice(0, isa.embedded ? 16 : 32),
    backtrace: calls.returnAddresses().map((address) => locate(calls, address)),
  };
}

function locate(calls: CallStack, address: number): string {
  const range = calls.functionAt(address);
  const offset = (address >>> 0) - (range?.start ?? 0);
  return range === undefined ? hex(address, 8) : `${range.name}${offset > 0 ? `+${hex(offset)}` : ""} (${hex(address, 8)})`;
}

function instructionAt(space: AddressSpace, pc: number, isa: Isa): string {
  const offset = offsetOf(space, pc);
  if (offset < 0) return "nothing";
  return disassemble((space.halves[offset >> 1]! & 0xffff) | (space.halves[(offset >> 1) + 1]! << 16), pc, isa);
}
