import { type Diagnostic, hasErrors } from "#grammar/diagnostic.js";
import { plan } from "#compiler/plan/plan.js";
import { printPlan } from "#compiler/plan/print.js";
import type { Network } from "#compiler/ir/network.js";
import type { Plan } from "#compiler/ir/plan.js";
import { loadTarget } from "../targets.js";
import { type Project, Rejected, show } from "./project.js";

/** How one deployment of a project would run. */
interface Planned {
  readonly network: Network;
  readonly plan: Plan | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Plans every deploy sentence. */
export const planned = ({ module }: Project): readonly Planned[] =>
  module.deployments.map((deployment) => {
    const network = module.networks.find(({ name }) => name === deployment.network)!;
    const { value, diagnostics } = plan(network, loadTarget(deployment.target), deployment);
    return { network, plan: value, diagnostics };
  });

/** Holds a network against the budgets of its deployments before any time is spent on training it. */
export function checkBudgets(project: Project, network: Network): void {
  const diagnostics = planned(project).flatMap((each) => (each.network === network ? each.diagnostics : []));
  show(diagnostics);
  if (hasErrors(diagnostics)) throw new Rejected();
}

export const printPlans = (project: Project): string =>
  planned(project)
    .flatMap((each) => (each.plan === undefined ? [] : [printPlan(each.plan)]))
    .join("\n");
