import { type Checked, type Diagnostic, hasErrors } from "#grammar/diagnostic.js";
import type { Span } from "#grammar/source.js";
import { identifier } from "../ir/c-names.js";
import type { Deployment } from "../ir/module.js";
import { layerOf, type Network } from "../ir/network.js";
import type { Plan } from "../ir/plan.js";
import type { Target } from "../ir/target.js";
import { showType } from "../ir/types.js";
import { type Budget, budgetsOf, overruns, reportOverruns } from "./budget.js";
import { bidding } from "./cover.js";
import { checkEntry, checkResult, checkSums } from "./check.js";
import { layOut } from "./layout.js";
import { problem } from "./messages.js";

/**
 * Decides how a target runs a network. The rule: of all ways to cover the layers with bids of kernels, the one with
 * the fewest estimated cycles that stays within every budget; when none does, the one nearest to it, with a
 * diagnostic for each budget that it overruns. There is no plan when the network cannot run on the target at all.
 */
export function plan(network: Network, target: Target, deployment?: Deployment): Checked<Plan | undefined> {
  const entry = String(deployment?.settings.entry ?? "") || `${identifier(network.name)}_infer`;
  const unfit = [...checkResult(network), ...checkSums(network), ...checkEntry(entry, deployment)];
  if (hasErrors(unfit)) return { value: undefined, diagnostics: unfit };

  const { bids, covers, stuck } = bidding(network, target);
  if (stuck !== undefined) {
    return { value: undefined, diagnostics: [noKernel(network, target, stuck.id)] };
  }
  const budgets = budgetsOf(network, target, deployment);
  const candidates = covers.map((cover) => layOut(network, target, entry, cover, bids));
  const value = candidates.find((candidate) => overruns(candidate, budgets).length === 0) ?? nearest(candidates, budgets);
  return { value, diagnostics: reportOverruns(value, budgets) };
}

/** The plan whose excesses, each as a share of its budget, sum up to least. */
function nearest(candidates: readonly Plan[], budgets: readonly Budget[]): Plan {
  const excess = (candidate: Plan): number =>
    overruns(candidate, budgets).reduce((sum, { budget, needed }) => sum + Math.abs(needed - budget.bound) / Math.max(1, budget.bound), 0);
  return candidates.reduce((best, next) => (excess(next) < excess(best) ? next : best));
}

function noKernel(network: Network, target: Target, id: string): Diagnostic {
  const layer = layerOf(network, id);
  const what = layer.weights === undefined ? showType(layer.type) : `${layer.op} with ${layer.weights.quantizer} weights`;
  const span: Span = layer.origin[0]!;
  return problem("no-kernel", span, { target: target.name, layer: id, what }, { help: "choose another weight format or another target" });
}
