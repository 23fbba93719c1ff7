import type { Address } from "./program.js";
import type { Register, RegisterName } from "./registers.js";

/** What C and extended assembly share: a register or memory with the value of a C expression. */
export interface COperand {
  readonly kind: "inout" | "out" | "in" | "memory-inout" | "memory-in";
  readonly expression: string;
  /** C keeps the variable in the register of its name. */
  readonly pinned?: true;
}

/** A variable that assembly reads and changes. */
export const inout = <const E extends string>(expression: E) => ({ kind: "inout", expression }) as const;
/** A variable that assembly sets, and a register that it may use before. */
export const out = <const E extends string>(expression: E) => ({ kind: "out", expression }) as const;
/** A value that assembly leaves as it is. */
export const input = <const E extends string>(expression: E) => ({ kind: "in", expression }) as const;
/** A value that stays in memory. */
export const memory = <const E extends string>(expression: E) => ({ kind: "memory-in", expression }) as const;
/** A variable in memory that assembly changes. */
export const memoryInout = <const E extends string>(expression: E) => ({ kind: "memory-inout", expression }) as const;

/** Variables that are pinned to the registers of their names (`register unsigned a0 __asm__("a0")`), and may all change. */
export const pinned = <const R extends RegisterName>(...registers: readonly R[]) =>
  Object.fromEntries(registers.map((name) => [name, { kind: "inout", expression: name, pinned: true }])) as unknown as {
    readonly [N in R]: { readonly kind: "inout"; readonly expression: N; readonly pinned: true };
  };

/** The operands of a program, by the names that it has for them. */
export type Operands = Readonly<Record<string, COperand>>;

/** How lines name operands: as registers, or as memory. */
export type Named<O extends Operands> = {
  readonly [N in keyof O & string]: O[N] extends { readonly pinned: true }
    ? N
    : O[N]["kind"] extends "memory-in" | "memory-inout"
      ? Address
      : Register;
};

/** What lines name the operands by: `%[x]`, or the register that a pinned one is in. */
export const namesOf = <const O extends Operands>(operands: O): Named<O> =>
  Object.fromEntries(
    Object.entries(operands).map(([name, { kind, pinned }]) => [
      name,
      pinned ? name : kind.startsWith("memory") ? { kind: "memory", name } : `%[${name}]`,
    ]),
  ) as unknown as Named<O>;
