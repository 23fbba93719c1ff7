/**
 * A simulator of small RISC-V microcontrollers: RV32E or RV32I, C, Zmmul or M, with the memories, the cycle model and
 * the peripherals of a chip. Knows nothing of networks, targets or compilers: a target's data come as options.
 */
export type { FunctionProfile } from "./calls.js";
export { type Device, ch32v00x, registerFile, serialPort, sysTick } from "./devices.js";
export { disassemble } from "#compiler/riscv/index.js";
export { type Image, type ImageSymbol, loadElf, type Section, type Segment, symbolAddress } from "./elf.js";
export { Fault, type FaultContext, type FaultKind } from "./fault.js";
export type { Interruptions } from "./interruptions.js";
export type { OnJump, StopReason } from "./interpreter.js";
export { type Isa, threadPointer } from "#compiler/riscv/index.js";
export { type CallResult, createMachine, type Machine, type MachineOptions, type RunLimits } from "./machine.js";
export type { MemorySpec } from "./memory.js";
export type { StackArea } from "./stack.js";
export type { Timing } from "./timing.js";
