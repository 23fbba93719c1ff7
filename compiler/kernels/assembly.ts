import type { BorrowedRegister } from "../ir/plan.js";
import type { Target } from "../ir/target.js";
import { borrowed, codeBytes, isProgram, type Program, stackBytes } from "../riscv/index.js";
import { functionsOf, type Offer } from "./contract.js";
import { runsOwnAssembly } from "./instruction-sets.js";

/** What a routine states of the programs that are its body: bytes of code, and of stack where they make room on it. */
export function sizesOf(...programs: readonly Program[]): { readonly code: number; readonly stack?: number } {
  const code = programs.reduce((sum, program) => sum + codeBytes(program), 0);
  const stack = Math.max(...programs.map(stackBytes));
  return { code, ...(stack === 0 ? {} : { stack }) };
}

/** The registers that an offer's assembly borrows from handlers of interrupts, where it runs. */
export function borrowedBy(offer: Offer, target: Target): readonly BorrowedRegister[] {
  if (!runsOwnAssembly(target)) return [];
  const contexts = [offer.context, ...functionsOf(offer).map(({ context }) => context)];
  const programs = contexts.flatMap((context) => Object.values(context).filter(isProgram));
  return [...new Set(programs.flatMap(borrowed))].sort();
}
