import { createHash } from "node:crypto";
import { basename, isAbsolute } from "node:path";
import { emit } from "#compiler/emit/emit.js";
import type { Emission, Provenance, Templates } from "#compiler/ir/emission.js";
import type { Plan } from "#compiler/ir/plan.js";
import type { Target } from "#compiler/ir/target.js";
import { plan } from "#compiler/plan/plan.js";
import { hasErrors } from "#grammar/diagnostic.js";
import { readBytes } from "../host.js";
import { loadTarget } from "../targets.js";
import { loadTemplates } from "../templates.js";
import { version } from "../version.js";
import { knownOf } from "../weights/weights.js";
import { deploymentOf, Rejected, show } from "./project.js";
import { setWords, shellLine } from "./terminal.js";
import type { Trained } from "./trained.js";
import { tuningOf } from "./tunings.js";

/** A trained model as C for one target. */
export interface Emitted {
  readonly target: Target;
  readonly plan: Plan;
  readonly templates: Templates;
  readonly emission: Emission;
}

/**
 * Plans and emits a trained model; shows what is wrong and stops when it does not fit. Budgets that are to be measured
 * are not judged by estimates: then only what cannot run at all stops here.
 */
export function emitTrained(path: string, trained: Trained, targetName: string, overrides: Readonly<Record<string, string>>, budgets: "estimated" | "measured" = "estimated"): Emitted {
  const target = loadTarget(targetName);
  const { project, network, weights } = trained;
  const templates = loadTemplates();
  const { tuning, diagnostics: stale } = tuningOf(project, network, target, templates);
  const { value, diagnostics } = plan(network, target, deploymentOf(project, network, targetName), { ...knownOf(network, trained), ...tuning });
  const judged = value === undefined || budgets === "estimated" ? diagnostics : diagnostics.filter(({ severity }) => severity === "warning");
  show([...stale, ...judged]);
  if (value === undefined || hasErrors(judged)) throw new Rejected();
  const emission = emit(value, weights, templates, provenanceOf(path, trained, overrides, "emit-c", ["--target", targetName]));
  return { target, plan: value, templates, emission };
}

/** Where something made of a trained model comes from; `command` and `options` are what makes it again. */
export function provenanceOf(path: string, trained: Trained, overrides: Readonly<Record<string, string>>, command: string, options: readonly string[]): Provenance {
  const { weightsPath } = trained;
  return {
    model: portable(path),
    weights: `${portable(weightsPath)} (sha256 ${createHash("sha256").update(readBytes(weightsPath)).digest("hex").slice(0, 16)})`,
    params: overrides,
    version,
    command: shellLine(["bnmc", command, portable(path), ...options, ...setWords(overrides)]),
    classes: classNames(trained),
    preparation: trained.provenance.preparation ?? [],
  };
}

/** The names of the classes, when the model is trained on a dataset that says them. */
function classNames({ project: { module }, network }: Trained): readonly string[] {
  const training = module.trainings.find((candidate) => candidate.network === network.name);
  return module.datasets.find(({ name }) => name === training?.dataset)?.classes ?? [];
}

/** A path that says nothing of this machine. */
export const portable = (path: string): string => (isAbsolute(path) ? basename(path) : path);
