import { createHash } from "node:crypto";
import { basename, isAbsolute } from "node:path";
import { catalog } from "#compiler/catalog/index.js";
import { formerQuantization, quantizedBy } from "#compiler/catalog/statements/dataset.js";
import { emit } from "#compiler/emit/emit.js";
import type { Emission, Provenance, Templates } from "#compiler/ir/emission.js";
import type { Chain } from "#compiler/ir/application.js";
import type { Dataset } from "#compiler/ir/module.js";
import type { Plan } from "#compiler/ir/plan.js";
import { showValue } from "#compiler/ir/print.js";
import type { Target } from "#compiler/ir/target.js";
import type { Weights } from "#compiler/ir/weights.js";
import { plan } from "#compiler/plan/plan.js";
import { hasErrors } from "#grammar/diagnostic.js";
import { buildFirmware } from "../firmware/build.js";
import { modelCost } from "../firmware/measured.js";
import { readBytes } from "../host.js";
import { setWords, shellLine } from "../shell.js";
import { loadTarget } from "../targets.js";
import { loadTemplates } from "../templates.js";
import { findCompiler } from "../toolchain/cc.js";
import { version } from "../version.js";
import { knownOf } from "../weights/weights.js";
import { deploymentOf, Rejected, show } from "./project.js";
import type { Trained } from "./trained.js";
import { tuningOf } from "./tunings.js";

/** A trained model as C for one target. */
export interface Emitted {
  readonly target: Target;
  readonly plan: Plan;
  readonly templates: Templates;
  readonly provenance: Provenance;
  readonly emission: Emission;
}

/**
 * Plans and emits a trained model; shows what is wrong and stops when it does not fit. Budgets that are to be measured
 * are not judged by estimates: then only what cannot run at all stops here.
 */
export function emitTrained(
  path: string,
  trained: Trained,
  targetName: string,
  overrides: Readonly<Record<string, string>>,
  budgets: "estimated" | "measured" = "estimated",
): Emitted {
  const target = loadTarget(targetName);
  const { project, network, weights } = trained;
  const templates = loadTemplates();
  const { tuning, diagnostics: stale } = tuningOf(project, network, target, templates);
  const { value, diagnostics } = plan(network, target, deploymentOf(project, network, targetName), {
    ...knownOf(network, trained),
    ...tuning,
  });
  const judged =
    value === undefined || budgets === "estimated" ? diagnostics : diagnostics.filter(({ severity }) => severity === "warning");
  show([...stale, ...judged]);
  if (value === undefined || hasErrors(judged)) throw new Rejected();
  const provenance = provenanceOf(path, trained, overrides, "emit-c", ["--target", targetName]);
  return { target, plan: value, templates, provenance, emission: emit(value, weights, templates, provenance) };
}

/**
 * The same with code and stack as the compiler makes them, in the plan and in the header, where there is a compiler for the chip: a
 * firmware without samples is linked for it. Elsewhere both stay estimates.
 */
export function sized(emitted: Emitted, weights: Weights): Emitted {
  const { target, plan, templates, emission, provenance } = emitted;
  const compiler = target.chip === undefined ? undefined : findCompiler(target);
  if (compiler === undefined) return emitted;
  const { flash, ram } = modelCost(buildFirmware({ plan, emission, templates, demo: { dataset: "", width: 1, samples: [] } }));
  const measured = { ...plan, cost: { ...plan.cost, flash, ram } };
  const origin = { ...provenance, sizedBy: compiler.version };
  return { ...emitted, plan: measured, provenance: origin, emission: emit(measured, weights, templates, origin) };
}

/** Where something made of a trained model comes from; `command` and `options` are what makes it again. */
export function provenanceOf(
  path: string,
  trained: Trained,
  overrides: Readonly<Record<string, string>>,
  command: string,
  options: readonly string[],
): Provenance {
  const { weightsPath } = trained;
  return {
    model: portable(path),
    weights: `${portable(weightsPath)} (sha256 ${createHash("sha256").update(readBytes(weightsPath)).digest("hex").slice(0, 16)})`,
    params: overrides,
    version,
    command: shellLine(["bnmc", command, portable(path), ...options, ...setWords(overrides)]),
    classes: classNames(trained),
    preparation: preparationOf(trained),
  };
}

/** How samples were prepared in training; for weights whose file does not say it, the conversions of the dataset as it declares them. */
function preparationOf(trained: Trained): readonly string[] {
  const { preparation, steps = [] } = trained.provenance;
  const conversions = (chain: Chain): Chain => chain.filter(({ name }) => catalog.transforms[name]?.kind !== "arrangement");
  if (preparation === undefined) return conversions(datasetOf(trained)?.transforms ?? []).map(showValue);
  // Files from before there was a choice do not state the quantization.
  const stated = quantizedBy(formerQuantization, steps, catalog.transforms);
  return stated === steps ? preparation : [...preparation, showValue(formerQuantization)];
}

/** The names of the classes: of the data that the weights were trained on, else those that the model's dataset says. */
const classNames = (trained: Trained): readonly string[] => trained.provenance.classes ?? datasetOf(trained)?.classes ?? [];

function datasetOf({ project: { module }, network }: Trained): Dataset | undefined {
  const training = module.trainings.find((candidate) => candidate.network === network.name);
  return module.datasets.find(({ name }) => name === training?.dataset);
}

/** A path that says nothing of this machine. */
export const portable = (path: string): string => (isAbsolute(path) ? basename(path) : path);
