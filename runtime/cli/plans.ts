import { type Diagnostic, hasErrors } from "#grammar/diagnostic.js";
import { type Known, plan } from "#compiler/plan/plan.js";
import { printPlan } from "#compiler/plan/print.js";
import type { Network } from "#compiler/ir/network.js";
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
    return { network, plan: value, diagnostics: [...stale, ...diagnostics] };
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
export function checkBudgets(project: Project, network: Network): void {
  const diagnostics = planned(project).flatMap((each) => (each.network === network ? each.diagnostics : []));
  show(diagnostics);
  if (hasErrors(diagnostics)) throw new Rejected();
}

export const printPlans = (project: Project): string =>
  planned(project, "trained")
    .flatMap((each) => (each.plan === undefined ? [] : [printPlan(each.plan)]))
    .join("\n");
