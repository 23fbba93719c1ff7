import { type Checked, type Diagnostic, hasErrors } from "#grammar/diagnostic.js";
import type { Span } from "#grammar/source.js";
import { identifier } from "../ir/c-names.js";
import type { Deployment } from "../ir/module.js";
import { layerOf, type Network } from "../ir/network.js";
import type { Plan } from "../ir/plan.js";
import type { Target } from "../ir/target.js";
import { showType } from "../ir/types.js";
import { type Budget, budgetsOf, overruns, reportOverruns } from "./budget.js";
import { bidding, bidsOf } from "./cover.js";
import { checkEntry, checkSums } from "./check.js";
import { layOut } from "./layout.js";
import { problem } from "./messages.js";
import { scheduleOf } from "./schedule.js";
import type { KnownLevels } from "./value-bounds.js";

/**
 * Decides how a target runs a network. The rule: of all ways to cover the layers with bids of kernels, the one with
 * the fewest estimated cycles that stays within every budget; when none does, the one nearest to it, with a
 * diagnostic for each budget that it overruns. There is no plan when the network cannot run on the target at all.
 * Where the integer weights are known, sums may be stored more narrowly.
 */
export function plan(network: Network, target: Target, deployment?: Deployment, levels?: KnownLevels): Checked<Plan | undefined> {
  const entry = String(deployment?.settings.entry ?? "") || `${identifier(network.name)}_infer`;
  const unfit = [...checkSums(network, levels), ...checkEntry(entry, deployment)];
  if (hasErrors(unfit)) return { value: undefined, diagnostics: unfit };

  const schedule = scheduleOf(network, levels);
  const { bids, covers, stuck } = bidding(schedule, target);
  if (stuck !== undefined) {
    return { value: undefined, diagnostics: [noKernel(network, target, stuck.id)] };
  }
  const budgets = budgetsOf(network, target, deployment);
  const laidOut = covers.map((cover) => () => layOut({ network, target, entry }, schedule, bidsOf(cover), bids));
  const value = firstWithin(laidOut, budgets);
  return { value, diagnostics: reportOverruns(value, budgets) };
}

/** The first plan that keeps all budgets, else the one whose excesses, each as a share of its budget, sum up to least. */
function firstWithin(candidates: readonly (() => Plan)[], budgets: readonly Budget[]): Plan {
  let nearest: Plan | undefined;
  let least = Infinity;
  for (const candidate of candidates) {
    const made = candidate();
    const excess = overruns(made, budgets).reduce((sum, { budget, needed }) => sum + Math.abs(needed - budget.bound) / Math.max(1, budget.bound), 0);
    if (excess === 0) return made;
    if (excess < least) [nearest, least] = [made, excess];
  }
  return nearest!;
}

function noKernel(network: Network, target: Target, id: string): Diagnostic {
  const layer = layerOf(network, id);
  const what = layer.weights === undefined ? showType(layer.type) : `${layer.op} with ${layer.weights.quantizer} weights`;
  const span: Span = layer.origin[0]!;
  return problem("no-kernel", span, { target: target.name, layer: id, what }, { help: "choose another weight format or another target" });
}
