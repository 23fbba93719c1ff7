import { dirname, join } from "node:path";
import type { Templates } from "#compiler/ir/emission.js";
import type { Network } from "#compiler/ir/network.js";
import type { Target } from "#compiler/ir/target.js";
import type { Known } from "#compiler/plan/plan.js";
import { fingerprintOf } from "#compiler/plan/fingerprint.js";
import { currentTuning } from "#compiler/plan/tuning.js";
import { parseTunings, type Tunings } from "#compiler/plan/tuning-file.js";
import { type Diagnostic, hasErrors } from "#grammar/diagnostic.js";
import { fileExists, readText } from "../host.js";
import { deploymentOf, type Project, Rejected, show, variantName } from "./project.js";

/** Where what was measured of a model's kernels lies: beside the model, as its weights do. */
export const tuningPath = ({ path, module }: Project, network: Network): string =>
  join(dirname(path), `${variantName(network, module.overrides)}.tune.yaml`);

/** All tunings of a model; none when it was never tuned. */
export function loadTunings(path: string): Tunings {
  if (!fileExists(path)) return new Map();
  const { value, diagnostics } = parseTunings({ path, text: readText(path) });
  show(diagnostics);
  if (hasErrors(diagnostics)) throw new Rejected();
  return value;
}

/** The tuning of a model for a target, if there is one and it still holds; a warning, if it does not. */
export function tuningOf(
  project: Project,
  network: Network,
  target: Target,
  templates: Templates,
): { readonly tuning: Pick<Known, "tuning">; readonly diagnostics: readonly Diagnostic[] } {
  const written = loadTunings(tuningPath(project, network)).get(target.name);
  if (written === undefined) return { tuning: {}, diagnostics: [] };
  const { tuning, diagnostics } = currentTuning(
    written,
    fingerprintOf(network, target, templates, deploymentOf(project, network, target.name)),
  );
  return { tuning: tuning === undefined ? {} : { tuning }, diagnostics };
}
