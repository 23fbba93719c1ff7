import type { CallStack } from "./calls.js";
import { type ControlRegisters, createControlRegisters, exceptionProgramCounter } from "./csr.js";
import type { Device } from "./devices.js";
import { Trap } from "./fault.js";
import { type CoreState, createInterpreter, type OnJump, type Outside, type StopReason, type System } from "./interpreter.js";
import type { Isa } from "#compiler/riscv/index.js";
import { type AddressSpace, memoryAt, offsetOf } from "./memory.js";
import { outsideOf } from "./outside.js";
import { createProgram } from "./program.js";
import type { StackWatch } from "./stack.js";
import { lineCycles, type Timing, wideDelayIn } from "./timing.js";

/** A processor with its memories and peripherals, without knowledge of images. Runs throw a `Trap`. */
export interface RunningCore {
  readonly x: Int32Array;
  readonly pc: () => number;
  /** Where the last jump out of a memory came from. */
  readonly departed: () => number;
  readonly cycles: () => number;
  readonly instructions: () => number;
  readonly reset: (pc: number) => void;
  readonly jumpTo: (address: number) => void;
  /** To be called when bytes of the memories changed by other means than the program's. */
  readonly memoryChanged: (address: number, length: number) => void;
  readonly run: (maxInstructions: number, until: number | undefined) => StopReason;
  /** A jump here ends a run with "returned"; no memory has it. */
  readonly returnAddress: number;
}

export interface CoreParts {
  readonly space: AddressSpace;
  readonly isa: Isa;
  readonly timing: Timing;
  readonly calls: CallStack;
  readonly stack: StackWatch;
  readonly createDevices: () => readonly Device[];
  readonly onJump?: OnJump | undefined;
}

const returnAddress = 0xfffffffc | 0;
// A run counts its cycles in 32 bits.
const instructionsPerRun = 2 ** 24;

export function createCore({ space, isa, timing, calls, stack, createDevices, onJump }: CoreParts): RunningCore {
  const x = new Int32Array(64);
  const state = initialState();
  const program = createProgram(space, isa, timing, (a, b) => calls.functionAt(a) === calls.functionAt(b));
  let peripherals: Outside;
  let control: ControlRegisters;
  let granted = 0;
  const pc = (): number => (state.origin + 2 * state.at) >>> 0;
  const cycles = (): number => state.epoch + state.time;
  const instructions = (): number => granted - state.left;

  function jumpTo(address: number): void {
    const memory = memoryAt(space, address);
    if (memory === undefined) throw new Trap("unmapped-fetch", address);
    const offset = offsetOf(space, address);
    Object.assign(state, { at: offset >> 1, origin: (address - offset) | 0, first: memory.start >> 1, span: memory.size >> 1 });
    Object.assign(state, { line: lineCycles(memory), wide: wideDelayIn(memory, timing) });
    // As if the line of the target had just come.
    Object.assign(state, { anchor: state.time, taken: state.time, lag: 0 });
    state.ready = state.time + (address % timing.lineBytes === 0 ? 0 : state.line);
  }

  const system: System = {
    readRegister: (number, now, left) => control.read(number, { cycles: now, instructions: granted - left }),
    writeRegister: (number, value) => control.write(number, value),
    trapReturn: () => control.read(exceptionProgramCounter, { cycles: 0, instructions: 0 })!,
    cross: (address) => {
      if (address === returnAddress) return false;
      jumpTo(address >>> 0);
      return true;
    },
  };

  const outside: Outside = { load: (...access) => peripherals.load(...access), store: (...access) => peripherals.store(...access) };
  const interpret = createInterpreter(
    { x, state, space, program, calls, stack, outside, system, ...(onJump === undefined ? {} : { onJump }) },
    timing,
  );

  function reset(address: number): void {
    Object.assign(state, initialState());
    granted = 0;
    x.fill(0);
    peripherals = outsideOf(space, createDevices());
    control = createControlRegisters();
    program.forget();
    jumpTo(address);
  }

  const memoryChanged = (address: number, length: number): void => program.invalidateRange(offsetOf(space, address), length);

  function run(maxInstructions: number, until: number | undefined): StopReason {
    if ((state.at - state.first) >>> 0 >= state.span) throw new Trap("unmapped-fetch", pc());
    program.stopAt(until);
    for (let rest = maxInstructions; rest > 0; rest -= instructionsPerRun) {
      startClock(state);
      granted += Math.min(rest, instructionsPerRun) - state.left;
      state.left = Math.min(rest, instructionsPerRun);
      const reason = interpret();
      if (reason !== "budget") return reason;
    }
    return "budget";
  }

  return {
    ...{ x, pc, cycles, instructions, reset, jumpTo, run, returnAddress },
    ...{ departed: () => state.departed >>> 0, memoryChanged },
  };
}

const initialState = (): CoreState => ({
  ...{ at: 0, origin: 0, departed: 0, first: 0, span: 0, line: 1, wide: 0, epoch: 0, time: 0 },
  ...{ anchor: 0, ready: 0, taken: 0, lag: 0, left: 0 },
});

/** Moves the time that has passed out of the 32 bits of the next run. */
function startClock(state: CoreState): void {
  const { time } = state;
  Object.assign(state, { epoch: state.epoch + time, time: 0 });
  Object.assign(state, { anchor: state.anchor - time, ready: state.ready - time, taken: state.taken - time });
}
