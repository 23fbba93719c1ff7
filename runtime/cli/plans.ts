import { type Diagnostic, hasErrors } from "#grammar/diagnostic.js";
import { cycleEstimator } from "#compiler/plan/cycle-estimate.js";
import { type Known, plan } from "#compiler/plan/plan.js";
import { printPlan } from "#compiler/plan/print.js";
import type { Deployment } from "#compiler/ir/module.js";
import type { Network } from "#compiler/ir/network.js";
import type { Occupancies } from "#compiler/ir/occupancy.js";
import type { Plan } from "#compiler/ir/plan.js";
import { Failure } from "../failure.js";
import { fileExists } from "../host.js";
import { loadTarget } from "../targets.js";
import { loadTemplates } from "../templates.js";
import { knownOf, loadWeights } from "../weights/weights.js";
import { defaultWeights, type Project, Rejected, show } from "./project.js";
import { tuningOf } from "./tunings.js";

/** How one deployment of a project would run. */
interface Planned {
  readonly network: Network;
  readonly deployment: Deployment;
  readonly plan: Plan | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Plans every deploy statement; with the weights that lie beside the model, where they are asked for and are there. */
export function planned(project: Project, weights?: "trained"): readonly Planned[] {
  const templates = loadTemplates();
  const { networks, deployments } = project.module;
  return deployments.map((deployment) => {
    const network = networks.find(({ name }) => name === deployment.network)!;
    const target = loadTarget(deployment.target);
    const { tuning, diagnostics: stale } = tuningOf(project, network, target, templates);
    const { value, diagnostics } = plan(network, target, deployment, {
      ...(weights === undefined ? {} : knownOfTrained(project, network)),
      ...tuning,
    });
    return { network, deployment, plan: value, diagnostics: [...stale, ...diagnostics] };
  });
}

/** Of weights that are not there, or belong to another network, nothing is known. */
function knownOfTrained(project: Project, network: Network): Pick<Known, "levels" | "occupancies"> {
  const path = defaultWeights(project, network, project.module.overrides);
  if (!fileExists(path)) return {};
  try {
    return knownOf(network, loadWeights(network, path));
  } catch (error) {
    if (error instanceof Failure) return {};
    throw error;
  }
}

/** Holds a network against the budgets of its deployments before any time is spent on training it. */
export function checkBudgets(project: Project, network: Network): readonly Planned[] {
  const plans = planned(project).filter((each) => each.network === network);
  const diagnostics = plans.flatMap((each) => each.diagnostics);
  show(diagnostics);
  if (hasErrors(diagnostics)) throw new Rejected();
  return plans;
}

/** Estimates cycles on the chips of some plans by activation densities; undefined where none of them is for a chip. */
export function cyclesOnChips(plans: readonly Planned[]): ((occupancies: Occupancies) => Readonly<Record<string, number>>) | undefined {
  const estimators = plans.flatMap(({ plan, deployment }) =>
    plan?.target.memory === undefined ? [] : [[plan.target.name, cycleEstimator(plan, deployment)] as const],
  );
  if (estimators.length === 0) return undefined;
  return (occupancies) => Object.fromEntries(estimators.map(([target, cyclesOf]) => [target, cyclesOf(occupancies)]));
}

export const printPlans = (project: Project): string =>
  planned(project, "trained")
    .flatMap((each) => (each.plan === undefined ? [] : [printPlan(each.plan)]))
    .join("\n");
