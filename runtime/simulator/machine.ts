import { Failure } from "../failure.js";
import { createCallStack, type FunctionProfile, type OnReturn } from "./calls.js";
import { createCore } from "./core.js";
import { ch32v00x, type Device } from "./devices.js";
import { type Image, symbolAddress } from "./elf.js";
import { Fault, Trap } from "./fault.js";
import { describeFault } from "./fault-context.js";
import type { OnJump, StopReason } from "./interpreter.js";
import { interrupt, type Interruptions } from "./interruptions.js";
import { firstArgument, globalPointer, type Isa, link, stackPointer } from "#compiler/riscv/index.js";
import { bytesAt, createAddressSpace, type MemorySpec } from "./memory.js";
import { type StackArea, stackAreaOf, watchStack } from "./stack.js";
import { functionsOf } from "./symbols.js";
import type { Timing } from "./timing.js";

export interface MachineOptions {
  readonly image: Image;
  readonly isa: Isa;
  /** Stored bytes of the image must lie in them; the first writable one holds the stack. */
  readonly memories: readonly MemorySpec[];
  readonly timing: Timing;
  /** By default from the end of the static data to the end of RAM. */
  readonly stack?: StackArea;
  /** The peripherals, given where console output goes; by default those of a CH32V00x. */
  readonly devices?: (transmit: (byte: number) => void) => readonly Device[];
  readonly onReturn?: OnReturn;
  readonly onJump?: OnJump;
}

export interface RunLimits {
  /** A thousand million by default. */
  readonly maxInstructions?: number;
  /** Stops before the instruction at this address. */
  readonly until?: number;
  readonly interruptions?: Interruptions | undefined;
}

/** What a called function did. */
export interface CallResult {
  /** a0 after the return. */
  readonly value: number;
  readonly cycles: number;
  readonly instructions: number;
}

/** A chip with an image in its flash. A program that does what the chip cannot do throws a `Fault`. */
export interface Machine {
  readonly image: Image;
  /** x0 to x31. */
  readonly registers: Int32Array;
  readonly pc: () => number;
  /** Since the reset. */
  readonly cycles: () => number;
  readonly instructions: () => number;
  readonly interrupts: () => number;
  /** As after power-up: the image in flash, noise in RAM, at the entry. */
  readonly reset: () => void;
  /** Does what start-up code does before `main`: copies initialized data and code to RAM, clears the rest. */
  readonly initialize: () => void;
  /** Goes on until something stops the core: "budget" when the instructions are used up. */
  readonly run: (limits?: RunLimits) => StopReason;
  /** Runs a function, by address or symbol, until it returns; `initialize` or start-up code must have run. */
  readonly call: (target: number | string, parameters?: readonly number[], limits?: RunLimits) => CallResult;
  /** A copy. */
  readonly read: (address: number, length: number) => Uint8Array;
  readonly write: (address: number, bytes: Uint8Array) => void;
  /** What was printed since the reset. */
  readonly output: () => string;
  readonly profile: () => readonly FunctionProfile[];
  /** The most bytes of stack since the reset or the last `forget`. */
  readonly stackUsed: () => number;
  /** How many calls are open. */
  readonly depth: () => number;
  /** Starts profile and stack mark anew. */
  readonly forget: () => void;
}

const noise = 0xa5;
const defaultInstructions = 1e9;

export function createMachine(options: MachineOptions): Machine {
  const { image, memories } = options;
  const space = createAddressSpace(memories);
  const calls = createCallStack(functionsOf(image), options.onReturn);
  const area = options.stack ?? stackAreaOf(image, memories);
  const stack = watchStack(area);
  let printed: number[] = [];
  let interrupted = 0;
  const createDevices = () => (options.devices ?? ch32v00x)((byte) => printed.push(byte));
  const core = createCore({ ...options, space, calls, stack, createDevices });
  const { x } = core;

  function write(address: number, bytes: Uint8Array): void {
    bytesAt(space, address, bytes.length).set(bytes);
    core.memoryChanged(address, bytes.length);
  }

  function reset(): void {
    for (const { base, size, writable } of memories) bytesAt(space, base, size).fill(writable ? noise : 0xff);
    for (const { physical, bytes } of image.segments) write(physical, bytes);
    printed = [];
    interrupted = 0;
    core.reset(image.entry);
    calls.restart(image.entry, core.returnAddress, 0);
    forget();
  }

  function initialize(): void {
    for (const { virtual, physical, bytes, memorySize } of image.segments) {
      const target = bytesAt(space, virtual, memorySize);
      if (virtual !== physical) target.set(bytes);
      target.fill(0, bytes.length);
      core.memoryChanged(virtual, memorySize);
    }
  }

  function forget(): void {
    calls.forget(core.cycles());
    stack.forget();
  }

  function run({ maxInstructions = defaultInstructions, until, interruptions }: RunLimits = {}): StopReason {
    try {
      return interruptions === undefined ? core.run(maxInstructions, until) : runInterrupted(maxInstructions, until, interruptions);
    } catch (error) {
      throw error instanceof Trap ? faultOf(error) : error;
    }
  }

  function runInterrupted(maxInstructions: number, until: number | undefined, interruptions: Interruptions): StopReason {
    for (let left = maxInstructions; left > 0;) {
      interrupt(interruptions, x, space, area, core.pc());
      interrupted++;
      const length = Math.min(left, interruptions.gap());
      const reason = core.run(length, until);
      if (reason !== "budget") return reason;
      left -= length;
    }
    return "budget";
  }

  const faultOf = ({ kind, address }: Trap): Fault => new Fault(kind, address, describeFault({ core, space, calls, isa: options.isa }));

  function call(target: number | string, parameters: readonly number[] = [], limits?: RunLimits): CallResult {
    const address = typeof target === "number" ? target : symbolAddress(image, target);
    if (address === undefined)
      throw new Failure(`the image has no function ${target}`, "check its name, and that it is not inlined or removed");
    x[link] = core.returnAddress;
    const sp = x[stackPointer]! >>> 0;
    if (sp < area.bottom || sp > area.top) x[stackPointer] = area.top & ~15;
    x[globalPointer] ||= symbolAddress(image, "__global_pointer$") ?? 0;
    for (const [i, value] of parameters.entries()) x[firstArgument + i] = value;
    core.jumpTo(address);
    calls.restart(address, core.returnAddress, core.cycles());
    const [cycles, instructions] = [core.cycles(), core.instructions()];
    const reason = run(limits);
    if (reason === "budget") throw faultOf(new Trap("runaway", core.pc()));
    if (reason !== "returned") throw new Failure(`${target} did not return: it stopped with ${reason}`, "call a function that returns");
    return { value: x[firstArgument]!, cycles: core.cycles() - cycles, instructions: core.instructions() - instructions };
  }

  reset();
  return {
    ...{ image, registers: x.subarray(0, 32), reset, initialize, run, call, write, forget },
    ...{
      pc: core.pc,
      cycles: core.cycles,
      instructions: core.instructions,
      interrupts: () => interrupted,
      stackUsed: stack.used,
      depth: calls.depth,
    },
    read: (address, length) => bytesAt(space, address, length).slice(),
    output: () => new TextDecoder().decode(Uint8Array.from(printed)),
    profile: () => calls.profile(core.cycles()),
  };
}
