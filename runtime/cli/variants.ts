import type { TrainSettings } from "#compiler/catalog/statements/train.js";
import type { Network } from "#compiler/ir/network.js";
import { plan } from "#compiler/plan/plan.js";
import { type Diagnostic, hasErrors } from "#grammar/diagnostic.js";
import { exitCodes, Failure } from "../failure.js";
import type { Values } from "../sweep/grid.js";
import type { Unfit } from "../sweep/report.js";
import type { Variant } from "../sweep/variant.js";
import { loadTarget } from "../targets.js";
import { defaultEngine, type EngineName } from "../train/engines/index.js";
import { deploymentOf, examine, networkIn, type Overrides, type Project, Rejected, show, trainingOf, variantName } from "./project.js";

export interface Sweep {
  readonly path: string;
  /** What every variant has. */
  readonly set: Overrides;
  readonly model: string | undefined;
  /** What each variant has. */
  readonly points: readonly Values[];
  /** Whose costs are asked for; none for that of the first `deploy` statement. */
  readonly targets: readonly string[];
  readonly engine?: EngineName;
}

export interface CheckedSweep {
  readonly model: string;
  readonly targets: readonly string[];
  readonly variants: readonly Variant[];
  readonly unfit: readonly Unfit[];
}

/**
 * Checks every variant before any is trained. Names, values and types that are wrong end the command; variants that
 * no more than exceed a budget, or that a target cannot run, are told apart.
 */
export function checkVariants({ path, set, model, points, targets: asked, engine }: Sweep): CheckedSweep {
  const projects = points.map((values) => ({ values, project: examine(path, { ...set, ...values }) }));
  showOnce(projects.flatMap(({ project }) => project.diagnostics.filter(isMistake)));
  if (projects.some(({ project }) => hasErrors(project.diagnostics.filter(isMistake)))) throw new Rejected();
  const networks = projects.map((each) => ({ ...each, network: networkIn(each.project, model) }));
  const targets = asked.length > 0 ? asked : [firstTarget(networks[0]!.project, networks[0]!.network)];
  const checked = networks.map(({ values, project, network }) =>
    checkVariant(values, { ...set, ...values }, project, network, targets, engine),
  );
  const variants = checked.flatMap((each) => ("name" in each ? [each] : []));
  checkNames(variants);
  return { model: networks[0]!.network.name, targets, variants, unfit: checked.flatMap((each) => ("name" in each ? [] : [each])) };
}

/** A claim on the size of the network is a budget: it is for a variant to miss. */
const isMistake = ({ code }: Diagnostic): boolean => code !== "claim-not-met";

/** Most mistakes are those of many variants. */
function showOnce(diagnostics: readonly Diagnostic[]): void {
  const keyOf = ({ code, message, at }: Diagnostic): string => [code, message, at.span.source.path, at.span.start].join("\u0000");
  show([...new Map(diagnostics.map((diagnostic) => [keyOf(diagnostic), diagnostic])).values()]);
}

function firstTarget({ path, module }: Project, network: Network): string {
  const deployment = module.deployments.find((each) => each.network === network.name);
  if (deployment !== undefined) return deployment.target;
  throw new Failure(
    `${path} does not deploy ${network.name} to any chip`,
    "say with --target which chip's flash and cycles to compare",
    exitCodes.usage,
  );
}

function checkVariant(
  values: Values,
  overrides: Overrides,
  project: Project,
  network: Network,
  targets: readonly string[],
  engine: EngineName | undefined,
): Variant | Unfit {
  const { training, dataset } = trainingOf(project, network);
  const deployed = project.module.deployments.flatMap((deployment) => (deployment.network === network.name ? [deployment.target] : []));
  const plans = [...new Set([...targets, ...deployed])].map((target) => ({
    target,
    ...plan(network, loadTarget(target), deploymentOf(project, network, target)),
  }));
  const problems = [...project.diagnostics, ...plans.flatMap(({ diagnostics }) => diagnostics)].filter(
    ({ severity }) => severity === "error",
  );
  if (problems.length > 0) return { values, reasons: problems.map(({ message }) => message) };
  const settings = training.settings as TrainSettings;
  if (settings.teachers.length > 0) return { values, reasons: ["a sweep has no teachers: train this one with `bnmc train`"] };
  const costs = plans.map(({ target, value }) => ({ target, cost: value!.cost }));
  return { name: variantName(network, overrides), values, network, settings, dataset, engine: engine ?? defaultEngine, costs };
}

/** Signs that files may not have are left out of a variant's name: two must not meet there. */
function checkNames(variants: readonly Variant[]): void {
  const names = new Map<string, Variant>();
  for (const variant of variants) {
    if (names.has(variant.name))
      throw new Failure(`two variants would be kept as ${variant.name}`, "write values that differ in letters or digits", exitCodes.usage);
    names.set(variant.name, variant);
  }
}
