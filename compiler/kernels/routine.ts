import { contentHash } from "../ir/hash.js";
import type { Calls, Placement, Routine } from "../ir/routine.js";
import { codeBytes, type Program, programsIn, stackBytes } from "../riscv/index.js";
import { cSizes } from "./c-sizes.js";

interface Stated {
  /** The template's name, unless several routines are made of it. */
  readonly label?: string;
  readonly context?: object;
  readonly calls?: Calls;
  readonly placement?: Placement;
  /** Bytes of its code where its C depends on more than the variant; measured elsewhere. */
  readonly code?: number;
  /** What tells sizes of its C apart. */
  readonly variant?: string;
  readonly stack?: number;
}

/** What is assumed of C that nobody measured yet: a test asks for the measurement. */
const unmeasured = 1024;

/** A routine of a template such as `bit-planes/routines/digit-fold`; in flash, unless it says otherwise. */
export function routine(template: string, stated: Stated = {}): Routine {
  const { label, context = {}, calls = {}, placement = "flash", variant, stack } = stated;
  const name = label ?? template.slice(template.lastIndexOf("/") + 1).replaceAll("-", "_");
  const callees = Object.entries(calls).map(([role, { key }]) => [role, key]);
  const key = contentHash([template, name, placement, context, callees]);
  const measured = variant === undefined ? template : `${template} ${variant}`;
  const code = stated.code ?? (cSizes[measured] ?? unmeasured) + assemblyBytes(context);
  return {
    ...{ key, label: name, template, context, calls, placement, code },
    ...(stated.code === undefined ? { measured } : {}),
    ...(stack === undefined ? {} : { stack }),
  };
}

/** Bytes of the programs in a context. */
export const assemblyBytes = (context: object): number => bytesOf(programsIn(context));

const bytesOf = (programs: readonly Program[]): number => programs.reduce((sum, program) => sum + codeBytes(program), 0);

/** What a routine states of the programs that are all of its body: bytes of code, and of stack where they make room on it. */
export function sizesOf(...programs: readonly Program[]): { readonly code: number; readonly stack?: number } {
  const stack = Math.max(...programs.map(stackBytes));
  return { code: bytesOf(programs), ...(stack === 0 ? {} : { stack }) };
}

/** A function that makes one value for equal arguments: to build, measure and hash assembly takes milliseconds, and kernels bid often. */
export function once<A extends readonly (string | number | boolean)[], R>(make: (...given: A) => R): (...given: A) => R {
  const made = new Map<string, R>();
  return (...given) => {
    const key = JSON.stringify(given);
    const known = made.get(key) ?? make(...given);
    made.set(key, known);
    return known;
  };
}
