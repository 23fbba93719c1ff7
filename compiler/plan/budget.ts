import type { Details, Diagnostic, Label } from "#grammar/diagnostic.js";
import type { Span } from "#grammar/source.js";
import { catalog } from "../catalog/index.js";
import type { Claim, Deployment } from "../ir/module.js";
import { layerOf, type Network } from "../ir/network.js";
import type { Cost, Plan } from "../ir/plan.js";
import { flashOf, ramOf } from "../ir/plan.js";
import { showBytes } from "../ir/show.js";
import { sizeOf } from "../ir/types.js";
import type { Target } from "../ir/target.js";
import { explainFlash, explainRam } from "./explain.js";
import { problem } from "./messages.js";

type Memory = "flash" | "ram";

/** A limit on the memory of a whole plan: from a `require` line or from the chip itself. */
export interface Budget {
  readonly memory: Memory;
  readonly bound: number;
  readonly comparison: Claim["comparison"];
  /** The end of the sentence "… needs 22.4 KiB of flash; …". */
  readonly limit: string;
  readonly value: (cost: Cost) => number;
  readonly at: Span;
  /** Whether the chip sets it, not the user. */
  readonly ofChip: boolean;
}

export interface Overrun {
  readonly budget: Budget;
  readonly needed: number;
}

/** Bytes that the calling program takes. */
type Caller = Readonly<Record<Memory, number>>;

/** The least one: in RAM an array for the logits, two frames and what aligns them. */
export const callerOf = (network: Network, { chip }: Target): Caller => ({
  flash: chip?.program ?? 0,
  ram: 4 * sizeOf(layerOf(network, network.result).type.shape) + 36,
});

const nobody: Caller = { flash: 0, ram: 0 };

/** What the deployment requires, then what the chip has beside the caller. */
export function budgetsOf(network: Network, target: Target, deployment?: Deployment, caller = nobody): readonly Budget[] {
  const at = deployment?.targetOrigin ?? layerOf(network, network.result).origin[0]!;
  const { memory } = target;
  const ofChip = (name: Memory, value: Budget["value"]): readonly Budget[] => {
    if (memory === undefined) return [];
    const limit = `the chip has ${showBytes(memory[name])}${caller[name] === 0 ? "" : `, and the caller needs ${showBytes(caller[name])}`}`;
    return [{ memory: name, bound: memory[name] - caller[name], comparison: "<=", limit, value, at, ofChip: true }];
  };
  return [...(deployment?.claims ?? []).flatMap(budgetOfClaim), ...ofChip("flash", flashOf), ...ofChip("ram", ramOf)];
}

function budgetOfClaim(claim: Claim): readonly Budget[] {
  const decision = catalog.claims[claim.subject.name]?.decision;
  if (claim.mode !== "require" || decision?.by !== "plan") return [];
  return [
    {
      memory: decision.memory,
      bound: claim.bound,
      comparison: claim.comparison,
      limit:
        claim.comparison === "<=" ? `the budget is ${showBytes(claim.bound)}` : `required is ${claim.comparison} ${showBytes(claim.bound)}`,
      value: (cost) => decision.value(cost, claim.subject.arguments),
      at: claim.origin,
      ofChip: false,
    },
  ];
}

/** The most of a memory that the budgets leave to a plan. */
export const limitOf = (memory: Memory, budgets: readonly Budget[]): number =>
  Math.min(
    Infinity,
    ...budgets.filter((budget) => budget.memory === memory && budget.comparison.startsWith("<")).map(({ bound }) => bound),
  );

/** The budgets that a plan does not keep. */
export const overruns = (plan: Plan, budgets: readonly Budget[]): readonly Overrun[] =>
  budgets.map((budget) => ({ budget, needed: budget.value(plan.cost) })).filter(({ budget, needed }) => !holds(needed, budget));

function holds(value: number, { comparison, bound }: Budget): boolean {
  switch (comparison) {
    case "<=":
      return value <= bound;
    case "<":
      return value < bound;
    case ">=":
      return value >= bound;
    case ">":
      return value > bound;
    case "==":
      return value === bound;
  }
}

/** One diagnostic for each requirement that is not met; for a chip that is too small only where no requirement says so. */
export function reportOverruns(plan: Plan, budgets: readonly Budget[]): readonly Diagnostic[] {
  const all = overruns(plan, budgets);
  const required = new Set(all.filter(({ budget }) => !budget.ofChip).map(({ budget }) => budget.memory));
  return all.filter(({ budget }) => !budget.ofChip || !required.has(budget.memory)).map((overrun) => report(plan, overrun));
}

function report(plan: Plan, { budget, needed }: Overrun): Diagnostic {
  const explanation = budget.memory === "flash" ? explainFlash(plan, budget.bound) : explainRam(plan);
  const biggest = layerOf(plan.network, explanation.biggest);
  const related: readonly Label[] = [{ span: biggest.origin[0]!, text: explanation.label }];
  const details: Details = { notes: explanation.notes, help: explanation.help, related };
  const values = { model: plan.network.name, needed: showBytes(needed), target: plan.target.name, limit: budget.limit };
  return problem(`${budget.memory}-budget`, budget.at, values, details);
}
