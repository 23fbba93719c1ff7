import type { Deploy, Name, Train } from "#grammar/ast.js";
import { type Checked, type Diagnostic, hasErrors } from "#grammar/diagnostic.js";
import type { TrainSettings } from "../catalog/statements/train.js";
import type { Program } from "./load.js";
import type { Dataset, Deployment, Module, SettingOrigin, Training } from "../ir/module.js";
import { layerOf, type Network } from "../ir/network.js";
import { sameShape, sizeOf } from "../ir/types.js";
import { decideNetworkClaims, unknownClasses } from "./claims.js";
import type { Report } from "./evaluate.js";
import { expandModel } from "./expand.js";
import { reportUnknown } from "./lookup.js";
import { problem } from "./messages.js";
import { bindNames, type Names } from "./names.js";
import { type Overrides, reportIdle, sortOverrides, withOverrides } from "./overrides.js";
import { resolveDataset, resolveDeployments, resolveTraining } from "./statements.js";
import { checkStrength } from "./strength.js";

export interface ElaborateOptions {
  /** New values of params, and of settings of training and models, as `--set hidden=[96,64]` writes them. */
  readonly overrides?: Readonly<Record<string, string>>;
  /** The names of the targets there are. */
  readonly targets: readonly string[];
}

/**
 * From what was written to what it means: binds names, computes params, expands models, cascades settings, infers
 * types and checks that models, data and claims fit each other. What is wrong is left out of the module.
 */
export function elaborate(program: Program, { overrides = {}, targets }: ElaborateOptions): Checked<Module> {
  const diagnostics: Diagnostic[] = [];
  const report = once((diagnostic) => diagnostics.push(diagnostic));
  const set = sortOverrides(overrides, program, report);
  const names = bindNames(program, set.params, report);
  for (const param of names.known("param")) names.environment.get(param);
  const models = names.known("model").map((name) => names.find("model", name)!);
  const own = models.filter((model) => model.names === names);
  // Settings from outside are for the file's own models: those it uses may be trained already.
  const expanded = models.flatMap((model) => expandModel(model, own.length === 0 || own.includes(model) ? set.model : [], report) ?? []);
  const datasets = names.known("dataset").flatMap((name) => resolveDataset(names.find("dataset", name)!, report) ?? []);
  const networks = expanded.map(({ network }) => network);
  const { declarations } = names.file;
  const statements = declarations.filter((statement) => statement.kind === "train");
  const trainings = statements.flatMap((statement) => training(statement, set, names, report));
  const deployments = declarations.flatMap((statement) =>
    statement.kind === "deploy" ? deploymentsOf(statement, targets, names, report) : [],
  );
  const settings: readonly SettingOrigin[] = expanded.flatMap((model) => model.settings);
  const module: Module = { networks, datasets, trainings, deployments, overrides, settings };
  if (!hasErrors(diagnostics)) reportIdle(set, statements, settings, report);
  if (!hasErrors(diagnostics)) checkFit(module, report);
  return { value: module, diagnostics };
}

/** A setting that several layers inherit, and a body that is expanded several times, are reported once. */
function once(report: Report): Report {
  const seen = new Set<string>();
  return (diagnostic) => {
    const { source, start } = diagnostic.at.span;
    const key = [diagnostic.code, diagnostic.message, source.path, start].join("\u0000");
    if (!seen.has(key)) report(diagnostic);
    seen.add(key);
  };
}

function training(statement: Train, set: Overrides, names: Names, report: Report): readonly Training[] {
  const known = [isKnown("model", statement.model, names, report), isKnown("dataset", statement.dataset, names, report)];
  const settings = withOverrides(statement.settings, set.training);
  const resolved = resolveTraining({ ...statement, settings }, names.environment, report);
  if (resolved === undefined || !known.every(Boolean)) return [];
  return isTaught(resolved, statement, names, report) ? [resolved] : [];
}

/** Whether all teachers are models. */
function isTaught({ settings }: Training, { settings: written, model }: Train, names: Names, report: Report): boolean {
  const value = written.find(({ name }) => name.text === "teachers")?.value;
  const items = value?.kind === "list" ? value.items : [];
  const known = (settings as TrainSettings).teachers.map((text, i) =>
    isKnown("model", { text, span: (items[i] ?? value ?? model).span }, names, report),
  );
  return known.every(Boolean);
}

function deploymentsOf(statement: Deploy, targets: readonly string[], names: Names, report: Report): readonly Deployment[] {
  const known = isKnown("model", statement.model, names, report);
  for (const { text, span } of statement.targets)
    if (!targets.includes(text)) reportUnknown("unknown-target", "target", text, span, targets, report);
  const resolved = resolveDeployments(statement, names.environment, report);
  return known ? resolved.filter(({ target }) => targets.includes(target)) : [];
}

function isKnown(kind: "model" | "dataset", { text, span }: Name, names: Names, report: Report): boolean {
  const known = names.find(kind, text) !== undefined;
  if (!known) reportUnknown(`unknown-${kind}`, kind, text, span, names.known(kind), report);
  return known;
}

/** Holds models, data and claims against each other. */
function checkFit({ networks, datasets, trainings, deployments }: Module, report: Report): void {
  const networkOf = (name: string): Network => networks.find((network) => network.name === name)!;
  for (const training of trainings) {
    const dataset = datasets.find(({ name }) => name === training.dataset)!;
    checkData(networkOf(training.network), dataset, training, report);
    checkStrength(networkOf(training.network), dataset, training, report);
    decideNetworkClaims(training.claims, networkOf(training.network), report);
  }
  const decided = new Set<unknown>();
  for (const { network, claims } of deployments) {
    // A statement with several targets shares its claims: each is decided once.
    decideNetworkClaims(
      claims.filter((claim) => !decided.has(claim)),
      networkOf(network),
      report,
    );
    for (const claim of claims) decided.add(claim);
  }
}

function checkData(network: Network, { name, shape, classes }: Dataset, { origin, claims }: Training, report: Report): void {
  const dataset = `dataset \`${name}\``;
  const model = `model \`${network.name}\``;
  const input = network.layers[0]!;
  if (shape !== undefined && !sameShape(shape, input.type.shape)) {
    const values = { dataset, given: `[${shape.join(", ")}]`, model, needed: `[${input.type.shape.join(", ")}]` };
    report(problem("data-mismatch", origin, values, { related: [{ span: input.origin[0]!, text: "the input" }] }));
  }
  if (classes === undefined) return;
  const result = layerOf(network, network.result);
  const outputs = sizeOf(result.type.shape);
  if (classes.length !== outputs) {
    const values = { dataset, given: classes.length, model, needed: outputs };
    report(problem("class-mismatch", origin, values, { related: [{ span: result.origin[0]!, text: `gives ${outputs} sums` }] }));
  }
  for (const diagnostic of unknownClasses(claims, name, classes)) report(diagnostic);
}
