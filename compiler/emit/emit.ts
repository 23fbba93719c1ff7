import { encode } from "../catalog/codebook/codebook.js";
import { catalog } from "../catalog/index.js";
import { integersOf } from "../catalog/integers.js";
import type { CodedWeights, Table } from "../kernels/contract.js";
import { textStatement } from "../kernels/family-assembly.js";
import { assemblies, kernels } from "../kernels/index.js";
import { instructionSetOf, runsOwnAssembly } from "../kernels/instruction-sets.js";
import type { Target } from "../ir/target.js";
import { portable } from "./portable.js";
import { fileName, headerMacros } from "../ir/c-names.js";
import type { Emission, Provenance, Templates } from "../ir/emission.js";
import { layerOf, type Network } from "../ir/network.js";
import { functionOf, type Plan, type Run, runsOf } from "../ir/plan.js";
import type { Calls, Routine } from "../ir/routine.js";
import { sizeOf } from "../ir/types.js";
import type { Weights } from "../ir/weights.js";
import { callLines, type EmittedFunction } from "./calls.js";
import { headerView, overwrites } from "./header.js";
import { names } from "./names.js";
import { renderer, type Render } from "./render.js";
import { arenaView } from "./source.js";
import { commentSafe, tableLines } from "./text.js";

/** Writes a plan with its weights as one C file and one header. The weights must fit the plan's network. */
export const emit = (plan: Plan, weights: Weights, templates: Templates, provenance: Provenance): Emission =>
  emitBy(renderer(templates), plan, weights, provenance);

/** The same by a renderer of the caller's. */
export function emitBy(render: Render, plan: Plan, weights: Weights, provenance: Provenance): Emission {
  const { network } = plan;
  const file = fileName(network.name);
  const named = functionNames(plan);
  const { routines, steps } = emitFunctions(plan, weights, render, named);
  const emittedFor = (run: Run): EmittedFunction => steps.get(functionOf(run))!;
  const functions = [...routines, ...[...steps.values()].map(({ text }) => text)];
  const macros = macrosIn(functions.join(""));
  const header = headerView(plan, provenance, macros.uses["ASSEMBLY"] ? instructionSetOf(plan.target) : undefined);
  const classes = sizeOf(layerOf(network, network.result).type.shape);
  const source = {
    title: commentSafe(network.name),
    header: `${file}.h`,
    entry: plan.entry,
    functions,
    ...macros,
    overwritten: overwrites(plan),
    multiplies: plan.target.multiplies,
    condition: conditionFor(plan.target),
    ...arenaView(plan),
    calls: callLines(plan, emittedFor, ({ key }) => named.routines.get(key)!),
    classes,
  };
  return new Map([
    [`${file}.h`, render("model.h.hbs", header)],
    [`${file}.c`, render("model.c.hbs", source)],
  ]);
}

/** When a compiler takes the assembly in the file. */
function conditionFor(target: Target): string {
  const { condition = "", multiplies } = instructionSetOf(target) ?? {};
  return target.multiplies && multiplies !== undefined ? `${condition} \\\n    && ${multiplies}` : condition;
}

/** The assembly of a function: `own` where its context has it, texts by slot where another file has it, none where it is C alone. */
function assemblyOf(target: Target, template: string, context: object): "own" | Readonly<Record<string, string>> | undefined {
  const isa = instructionSetOf(target)?.name;
  if (runsOwnAssembly(target)) return "own";
  const [family, ...rest] = template.split("/");
  const texts = assemblies.find((each) => each.isa === isa && each.family === family)?.templates[rest.at(-1)!]?.(context);
  return texts && Object.fromEntries(Object.entries(texts).map(([slot, text]) => [slot, textStatement(text)]));
}

/** Which of the macros that the file may define its functions use. */
function macrosIn(text: string): { readonly uses: Readonly<Record<string, boolean>>; readonly attributes: boolean } {
  const used = (macro: string): boolean => new RegExp(`\\b${macro}\\b`).test(text);
  const uses = {
    HIDDEN: used("HIDDEN"),
    SINGLE: used("SINGLE"),
    OPAQUE: used("OPAQUE") || used("NAKED"),
    NAKED: used("NAKED"),
    ASSEMBLY: used("ASSEMBLY"),
  };
  return { uses, attributes: uses.SINGLE || uses.OPAQUE };
}

/** The C names of the functions of steps and of routines: by `functionOf` and by key, in the order in which they are first called. */
export interface FunctionNames {
  readonly steps: ReadonlyMap<string, string>;
  readonly routines: ReadonlyMap<string, string>;
}

export function functionNames({ entry, network, steps, routines }: Plan): FunctionNames {
  const free = names([entry, ...headerMacros(network.name)]);
  const claimed = new Map<string, string>();
  for (const run of runsOf(steps)) {
    const id = functionOf(run);
    if (!claimed.has(id)) claimed.set(id, free.claim(run.shared?.label ?? run.name));
  }
  return { steps: claimed, routines: new Map(routines.map((routine) => [routine.key, free.claim(wantedName(routine))])) };
}

const wantedName = ({ label, placement }: Routine): string => (placement === "ram" ? `${label}_ram` : label);

/** The functions of a plan, routines first. */
function emitFunctions(
  plan: Plan,
  weights: Weights,
  render: Render,
  { steps, routines }: FunctionNames,
): { readonly routines: readonly string[]; readonly steps: ReadonlyMap<string, EmittedFunction> } {
  const free = names([plan.entry, ...headerMacros(plan.network.name), ...steps.values(), ...routines.values()]);
  const parts = new Map<string, string>();
  // `name_part`, or the like: a function or table that a template makes beside that of its name. The same whoever asks.
  const own = (name: string, part: string): string => {
    const wanted = `${name}_${part}`;
    if (!parts.has(wanted)) parts.set(wanted, free.claim(wanted));
    return parts.get(wanted)!;
  };
  const called = (calls: Calls) => Object.fromEntries(Object.entries(calls).map(([role, { key }]) => [role, routines.get(key)!]));
  const made = (template: string, context: object, view: object): string => {
    const assembly = assemblyOf(plan.target, template, context);
    const text = render(`${template}.c.hbs`, {
      ...context,
      own,
      ...view,
      ...(assembly === "own" ? {} : { assemblyTexts: assembly }),
    });
    return assembly === undefined ? portable(text) : text;
  };
  const routineTexts = plan.routines.map(({ key, template, context, calls, placement }) =>
    made(template, context, { calls: called(calls), ram: placement === "ram", name: routines.get(key)! }),
  );
  const texts = [...steps].map(([id, name]) => {
    const run = runsOf(plan.steps).find((candidate) => functionOf(candidate) === id)!;
    const { template, tables: tablesOf, facts } = kernels[run.kernel]!;
    const constants = constantsOf(plan.network, run, weights);
    const tables = tablesOf(codedWeights(plan.network, run, weights), run.context, constants).map((table) =>
      tableView(table, free.claim(`${name}_${table.name}`)),
    );
    const { context, calls } = run.shared ?? run;
    const text = made(template, context, { ...facts?.(constants, context), calls: called(calls), name, tables });
    return [id, { name, text, tables }] as const;
  });
  return { routines: routineTexts.filter((text) => text !== ""), steps: new Map(texts) };
}

/** The biases and shifts of the layers of a step. */
export const constantsOf = (network: Network, run: Run, weights: Weights): readonly Int32Array[] =>
  run.layers
    .map((id) => layerOf(network, id))
    .filter(({ constants }) => constants !== undefined)
    .map((layer) => integersOf(network, layer, weights));

const tableView = (table: Table, name: string) => ({
  name,
  element: table.element,
  count: table.values.length,
  lines: tableLines(table),
});

/** The codes of the layers of a step that have weights. */
export function codedWeights(network: Network, run: Run, weights: Weights): readonly CodedWeights[] {
  return run.layers.flatMap((id): readonly CodedWeights[] => {
    const type = layerOf(network, id).weights;
    if (type === undefined) return [];
    const latent = weights.get(id);
    if (latent === undefined) throw new Error(`no weights for ${id}`);
    const rows = type.shape[0]!;
    const quantizer = catalog.quantizers[type.quantizer]!;
    const codes = encode(quantizer, { values: latent.values, rows, clip: latent.clip });
    return [{ layer: id, rows, columns: sizeOf(type.shape.slice(1)), quantizer, codes }];
  });
}
