import type { BorrowedRegister } from "../ir/plan.js";
import type { Target } from "../ir/target.js";
import { borrowed, programsIn } from "../riscv/index.js";
import { functionsOf, type Offer } from "./contract.js";
import { runsOwnAssembly } from "./instruction-sets.js";

/** The registers that an offer's assembly borrows from handlers of interrupts, where it runs. */
export function borrowedBy(offer: Offer, target: Target): readonly BorrowedRegister[] {
  if (!runsOwnAssembly(target)) return [];
  const contexts = [offer.context, ...functionsOf(offer).map(({ context }) => context)];
  return [...new Set(contexts.flatMap(programsIn).flatMap(borrowed))].sort();
}
