import * as arithmetic from "./arithmetic.js";
import type { CallStack } from "./calls.js";
import { Trap } from "./fault.js";
import type { AddressSpace } from "./memory.js";
import { microOperations } from "./micro-operations.js";
import type { Program } from "./program.js";
import { wideBit } from "./program.js";
import type { StackWatch } from "./stack.js";
import type { Timing } from "./timing.js";

/** Why a run ended without a fault. */
export type StopReason = "budget" | "returned" | "breakpoint" | "environment-call" | "wait" | "idle" | "until";

/**
 * Where a core is between two runs. Instructions are counted in half-words of the address space's buffer: `at` is the
 * program counter, and 2 * at + `origin` its address.
 */
export interface CoreState {
  at: number;
  origin: number;
  /** The memory that `at` lies in: its first half-word, their count, cycles per line, delay of wide instructions. */
  first: number;
  span: number;
  line: number;
  wide: number;
  /** Cycles before this run, and in it. */
  epoch: number;
  time: number;
  /** A time at which a slot of the memory began; when the next line arrives; when the last one was taken; how far
   * execution is behind the lines. See timing.ts. */
  anchor: number;
  ready: number;
  taken: number;
  lag: number;
  /** Instructions that may still run. */
  left: number;
  /** The address of the last jump out of a memory. */
  departed: number;
}

/** All that an interpreter works on. */
export interface Core {
  readonly x: Int32Array;
  readonly state: CoreState;
  readonly space: AddressSpace;
  readonly program: Program;
  readonly calls: CallStack;
  readonly stack: StackWatch;
  readonly outside: Outside;
  readonly system: System;
  readonly onJump?: OnJump;
}

/** Told of each jump, taken branch, call and return: the address of the instruction, where it goes, and the cycles so far. */
export type OnJump = (from: number, to: number, cycles: number) => void;

/** Accesses beyond the memories: peripherals, or traps. */
export interface Outside {
  readonly load: (address: number, width: number, signed: boolean, cycles: number) => number;
  readonly store: (address: number, width: number, value: number, cycles: number) => void;
}

export interface System {
  /** Undefined and false for registers that cannot be read or written. */
  readonly readRegister: (number: number, cycles: number, left: number) => number | undefined;
  readonly writeRegister: (number: number, value: number) => boolean;
  readonly trapReturn: () => number;
  /** Moves the state to the memory of an address; false for the address that ends a call. */
  readonly cross: (address: number) => boolean;
}

/** Runs until something stops the core or `state.left` is used up. Throws a `Trap`; the state is right even then. */
export type Interpreter = () => StopReason;

/** Builds the interpreter of a core as one loop over one switch, which engines compile well. */
export function createInterpreter(core: Core, timing: Timing): Interpreter {
  const build = new Function("core", "arithmetic", "Trap", source(timing, core.onJump !== undefined)) as Build;
  return build(core, arithmetic, Trap);
}

type Build = (core: Core, functions: typeof arithmetic, trap: typeof Trap) => Interpreter;

const saved = ["at", "origin", "first", "span", "line", "wide", "anchor", "ready", "taken", "lag", "left"] as const;
const load = saved.map((name) => `${name} = state.${name}`).join(", ");
const save = saved.map((name) => `state.${name} = ${name};`).join(" ");

const source = (timing: Timing, told: boolean): string => `"use strict";
const { x, state, program, calls, stack, outside, system, onJump } = core;
const { bytes, halves, words, start, size, writable, waits } = core.space;
const { words: code, immediates, hasCode } = program;
return function interpret() {
  let ${load}, t = state.time, reason = "budget";
  const epoch = state.epoch;
  try {
    run: while (left > 0) {
      const from = at, w = code[at];
      if (w < 0) {
        // The line this instruction needs may still be on its way; the one after it is asked for when there is room.
        if ((w & ${wideBit}) !== 0) lag = wide;
        if (t < ready + lag) t = ready + lag;
        ready = (ready > taken ? ready : taken) + line;
        taken = t;
      }
      left--;
      switch (w & 255) {
${microOperations.map(({ name, body }, number) => `        case ${number}: { // ${name}\n    ${body(timing)} }`).join("\n")}
      }
      // A jump to the half-word \`at\`: the target is asked for when the slot under way has ended.
      ${told ? "onJump(origin + 2 * from | 0, origin + 2 * at | 0, epoch + t);" : ""}
      t += ${timing.redirect};
      if (at - first >>> 0 >= span) {
        ${save} state.departed = origin + 2 * from | 0;
        if (!system.cross(origin + 2 * at | 0)) { reason = "returned"; break run; }
        ${load};
      } else if (line > 1) {
        const late = (t - anchor) % line;
        if (late > 0) t += line - late;
      }
      t += line;
      anchor = taken = t;
      ready = (at & ${timing.lineBytes / 2 - 1}) === 0 ? t : t + line;
      lag = 0;
    }
  } finally {
    ${save} state.time = t;
  }
  return reason;
};`;
