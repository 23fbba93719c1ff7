import { type Checked, type Diagnostic, hasErrors } from "#grammar/diagnostic.js";
import { elaborate } from "#compiler/elaborate/elaborate.js";
import type { Module } from "#compiler/ir/module.js";
import type { Plan } from "#compiler/ir/plan.js";
import type { Target } from "#compiler/ir/target.js";
import { load } from "#compiler/elaborate/load.js";
import { plan } from "#compiler/plan/plan.js";
import { currentTuning } from "#compiler/plan/tuning.js";
import { parseTunings } from "#compiler/plan/tuning-file.js";
import type { SourceFile } from "#grammar/source.js";

export interface World {
  readonly targets: readonly Target[];
  /** The text of a file that another uses. */
  readonly read: (path: string) => string | undefined;
  readonly overrides?: Readonly<Record<string, string>>;
}

/** Everything that `bnmc check` reports about a file: what stops one pass spares the later ones. */
export function diagnose({ path, text }: SourceFile, { targets, read, overrides = {} }: World): readonly Diagnostic[] {
  const loaded = load(path, text, read);
  if (hasErrors(loaded.diagnostics)) return loaded.diagnostics;
  const elaborated = elaborate(loaded.value, { overrides, targets: targets.map(({ name }) => name) });
  const found = [...loaded.diagnostics, ...elaborated.diagnostics];
  return hasErrors(found) ? found : [...found, ...plansOf(elaborated.value, targets).flatMap(({ diagnostics }) => diagnostics)];
}

/** Everything that is reported about a tuning file where the network, the target and the kernels are others by now. */
export function diagnoseTuning(source: SourceFile): readonly Diagnostic[] {
  const { value, diagnostics } = parseTunings(source);
  const others = { network: "", target: "", kernels: "" };
  return [...diagnostics, ...[...value.values()].flatMap((tuning) => currentTuning(tuning, others).diagnostics)];
}

/** A plan for every deploy statement. */
export const plansOf = ({ deployments, networks }: Module, targets: readonly Target[]): readonly Checked<Plan | undefined>[] =>
  deployments.map((deployment) => {
    const network = networks.find(({ name }) => name === deployment.network)!;
    const target = targets.find(({ name }) => name === deployment.target)!;
    return plan(network, target, deployment);
  });
