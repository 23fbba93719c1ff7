import { type Checked, type Diagnostic, hasErrors } from "#grammar/diagnostic.js";
import type { Span } from "#grammar/source.js";
import type { DeploySettings } from "../catalog/statements/deploy.js";
import { identifier } from "../ir/c-names.js";
import type { Deployment } from "../ir/module.js";
import { layerOf, type Network } from "../ir/network.js";
import type { Occupancies } from "../ir/occupancy.js";
import type { Plan } from "../ir/plan.js";
import type { Target } from "../ir/target.js";
import { showType } from "../ir/types.js";
import { type Budget, budgetsOf, callerOf, limitOf, overruns, reportOverruns } from "./budget.js";
import { bidding, type Bids } from "./bidding.js";
import { bidsOf, covering } from "./cover.js";
import { checkEntry, checkSums } from "./check.js";
import { layOut, type Order } from "./layout.js";
import { problem } from "./messages.js";
import { type Circumstances, type Lowered, lower } from "./lower.js";
import { chosenBids, measuredBids, staleTuning, type Tuning } from "./tuning.js";
import type { Levels } from "../catalog/integers.js";

/** What is known beside the model. */
export interface Known {
  /** The integer weights: with them, intervals are narrower, so kernels may prove more and tensors take fewer bytes. */
  readonly levels?: Levels;
  /** Measured activation densities: estimated cycles go by them. */
  readonly occupancies?: Occupancies;
  /** Measured costs of offers, which replace estimates, and the plan that was chosen by them, which is taken. */
  readonly tuning?: Tuning;
}

/**
 * Decides how a target runs a network. The rule: of all covers of the layers by bids of kernels, the one with the fewest
 * estimated cycles that stays within every budget; when none does, the one nearest to it, with a diagnostic for each
 * budget that it overruns. There is no plan when the network cannot run on the target at all.
 */
export function plan(
  network: Network,
  target: Target,
  deployment?: Deployment,
  { levels, occupancies, tuning }: Known = {},
): Checked<Plan | undefined> {
  const entry = String(deployment?.settings.entry ?? "") || `${identifier(network.name)}_infer`;
  const unfit = [...checkSums(network, levels), ...checkEntry(entry, deployment)];
  if (hasErrors(unfit)) return { value: undefined, diagnostics: unfit };

  const lowered = lower(network, circumstancesOf(deployment, { levels, occupancies }));
  const bids = measuredBids(bidding(lowered, target), tuning?.offers ?? []);
  const budgets = budgetsOf(network, target, deployment, callerOf(network, target));
  const { covers, stuck } = covering(lowered, bids, { flash: limitOf("flash", budgets), ram: limitOf("ram", budgets) });
  if (stuck !== undefined) {
    return { value: undefined, diagnostics: [noKernel(network, target, stuck.id)] };
  }
  const order = { network, target, entry };
  const tuned = tuning === undefined ? undefined : tunedPlan(order, lowered, bids, tuning, budgetsOf(network, target, deployment));
  if (tuned !== undefined && "steps" in tuned) return { value: tuned, diagnostics: [] };
  const value = firstWithin(
    covers.map((cover) => () => layOut(order, lowered, bidsOf(cover), bids)),
    budgets,
  );
  return { value, diagnostics: [...(tuned === undefined ? [] : [tuned]), ...reportOverruns(value, budgets)] };
}

/**
 * The plan that was chosen by measurement, or why it cannot be taken. Its whole image was linked and found to fit, so that no room is
 * kept for a caller.
 */
function tunedPlan(order: Order, lowered: Lowered, bids: Bids, tuning: Tuning, budgets: readonly Budget[]): Plan | Diagnostic {
  if (tuning.chosen === undefined) return staleTuning(tuning, "the measurement was broken off before its end");
  const chosen = chosenBids(bids, tuning.chosen);
  if (chosen === undefined) return staleTuning(tuning, "it has kernels that are not offered with these weights");
  const value = { ...layOut(order, lowered, chosen, bids), cost: tuning.chosen.cost, measured: true };
  const [overrun] = overruns(value, budgets);
  return overrun === undefined ? value : staleTuning(tuning, `it takes more ${overrun.budget.memory} than it may`);
}

/** What a deployment and the weights add to a network. */
export const circumstancesOf = (
  deployment: Deployment | undefined,
  { levels, occupancies }: { readonly [K in "levels" | "occupancies"]?: Known[K] | undefined },
): Circumstances => ({
  ...(levels === undefined ? { untrained: true } : { levels }),
  ...(occupancies === undefined ? {} : { occupancies }),
  ...settingsOf(deployment),
});

function settingsOf(deployment: Deployment | undefined): Pick<DeploySettings, "interrupts" | "input"> {
  const { interrupts = "allowed", input = "kept" } = (deployment?.settings ?? {}) as Partial<DeploySettings>;
  return { interrupts, input };
}

/** The first plan that keeps all budgets, else the one whose excesses, each as a share of its budget, sum up to least. */
function firstWithin(candidates: readonly (() => Plan)[], budgets: readonly Budget[]): Plan {
  let nearest: Plan | undefined;
  let least = Infinity;
  for (const candidate of candidates) {
    const made = candidate();
    const excess = overruns(made, budgets).reduce(
      (sum, { budget, needed }) => sum + Math.abs(needed - budget.bound) / Math.max(1, budget.bound),
      0,
    );
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
