import { dirname, join } from "node:path";
import { elaborate, load, type Program } from "#compiler/index.js";
import type { Dataset, Deployment, Module, Training } from "#compiler/ir/module.js";
import type { Network } from "#compiler/ir/network.js";
import { type Diagnostic, hasErrors } from "#grammar/diagnostic.js";
import { renderDiagnostics } from "#grammar/frame.js";
import { exitCodes, Failure } from "../failure.js";
import { fileExists, readText } from "../host.js";
import { targetNames } from "../targets.js";
import { tell, useColor } from "./terminal.js";

/** A model file with all it means, as every command starts from it. */
export interface Project {
  readonly path: string;
  readonly program: Program;
  readonly module: Module;
  readonly diagnostics: readonly Diagnostic[];
}

/** `--set name=value`, repeated: names to values as written. */
export type Overrides = Readonly<Record<string, string>>;

/** Reads and checks a model file, without judging what was found. */
export function examine(path: string, overrides: Overrides = {}): Project {
  const text = readText(path, "give the path of a .bnm file; models/ has some to start from");
  const loaded = load(path, text, (used) => (fileExists(used) ? readText(used) : undefined));
  const elaborated = elaborate(loaded.value, { overrides, targets: targetNames() });
  // The meaning of a file with syntax errors is a guess: its errors would only distract.
  const diagnostics = hasErrors(loaded.diagnostics) ? loaded.diagnostics : [...loaded.diagnostics, ...elaborated.diagnostics];
  return { path, program: loaded.value, module: elaborated.value, diagnostics };
}

/** Reads and checks a model file; shows what was found and stops when something is wrong. */
export function open(path: string, overrides: Overrides = {}): Project {
  const project = examine(path, overrides);
  show(project.diagnostics);
  if (hasErrors(project.diagnostics)) throw new Rejected();
  return project;
}

/** Ends a command after the reasons have been shown. */
export class Rejected extends Error {
  constructor(readonly exitCode: number = exitCodes.rejected) {
    super();
  }
}

export function show(diagnostics: readonly Diagnostic[]): void {
  if (diagnostics.length > 0) tell(renderDiagnostics(diagnostics, { color: useColor() }));
}

/** The network that is named; without a name the one that the file declares, or else the one that it uses. */
export function networkIn({ module, path, program }: Project, name?: string): Network {
  const own = module.networks.filter((network) => fileOf(network) === program.root.source.path);
  return pick(name === undefined && own.length > 0 ? own : module.networks, (network) => network.name, name, "model NAME { … }", path);
}

export function trainingOf({ module, path }: Project, network: Network): { readonly training: Training; readonly dataset: Dataset } {
  const training = pick(
    module.trainings.filter((candidate) => candidate.network === network.name),
    ({ dataset }) => dataset,
    undefined,
    `train ${network.name} on DATASET { … }`,
    path,
  );
  return { training, dataset: module.datasets.find(({ name }) => name === training.dataset)! };
}

export const deploymentOf = ({ module }: Project, network: Network, target: string): Deployment | undefined =>
  module.deployments.find((deployment) => deployment.network === network.name && deployment.target === target);

/** The only candidate, or the one of a name; says what there is when that is not clear. */
function pick<T>(candidates: readonly T[], nameOf: (candidate: T) => string, name: string | undefined, statement: string, path: string): T {
  const fitting = name === undefined ? candidates : candidates.filter((candidate) => nameOf(candidate) === name);
  if (fitting.length === 1) return fitting[0]!;
  const known = candidates.map(nameOf).join(", ");
  if (candidates.length === 0)
    throw new Failure(
      `${path} has no statement \`${statement}\``,
      "add one, or name another file; models/digits.bnm shows a whole one",
      exitCodes.rejected,
    );
  if (name !== undefined) throw new Failure(`${path} has no model ${name}`, `it has ${known}`, exitCodes.usage);
  throw new Failure(`${path} has several: ${known}`, "say which with --model NAME", exitCodes.usage);
}

/** `fc`, or `fc.width=32` when params were set: what a variant's files are named. */
export const variantName = (network: Network, overrides: Overrides): string =>
  [
    network.name,
    ...Object.entries(overrides).map(([name, value]) => `${name}=${value.replace(/[^\w.+-]+/g, "_").replace(/^_|_$/g, "")}`),
  ].join(".");

/** Where a model's trained weights are unless said otherwise: beside the model. */
export const defaultWeights = ({ path }: Project, network: Network, overrides: Overrides): string =>
  weightsBeside(path, network, overrides);

/** Where the weights are of a model that a file declares. */
export const weightsBeside = (file: string, network: Network, overrides: Overrides): string =>
  join(dirname(file), `${variantName(network, overrides)}.safetensors`);

/** The file that declares a network: the project's, or one that it uses. */
export const fileOf = ({ layers: [input] }: Network): string => input!.origin.at(-1)!.source.path;
