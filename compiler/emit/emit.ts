import { encode } from "../catalog/codebook.js";
import { catalog } from "../catalog/index.js";
import type { CodedWeights, Table } from "../catalog/kernel.js";
import type { Emission, Provenance, Templates } from "../ir/emission.js";
import { layerOf, type Network } from "../ir/network.js";
import { type Plan, type Run, runsOf } from "../ir/plan.js";
import { sizeOf } from "../ir/types.js";
import type { Weights } from "../ir/weights.js";
import { callLines, type EmittedFunction } from "./calls.js";
import { headerView } from "./header.js";
import { names } from "./names.js";
import { renderer, type Render } from "./render.js";
import { arenaView } from "./source.js";
import { commentSafe, tableLines } from "./text.js";

/** Writes a plan with its weights as one C file and one header. The weights must fit the plan's network. */
export function emit(plan: Plan, weights: Weights, templates: Templates, provenance: Provenance): Emission {
  const render = renderer(templates);
  const { network } = plan;
  const header = headerView(plan, provenance);
  const functions = emitFunctions(plan, weights, render);
  const functionOf = ({ routine }: Run): EmittedFunction => functions.get(routine)!;
  const classes = sizeOf(layerOf(network, network.result).type.shape);
  const source = {
    title: commentSafe(network.name),
    header: `${network.name}.h`,
    entry: plan.entry,
    functions: [...helperTexts(plan, render), ...[...functions.values()].map(({ text }) => text)],
    ...arenaView(plan),
    calls: callLines(plan, functionOf),
    classes,
  };
  return new Map([
    [`${network.name}.h`, render("model.h.hbs", header)],
    [`${network.name}.c`, render("model.c.hbs", source)],
  ]);
}

/** The C function of each routine and of each helper, in the order in which they are first called. */
export function functionNames({ entry, steps, helpers }: Plan): { readonly routines: ReadonlyMap<string, string>; readonly helpers: ReadonlyMap<string, string> } {
  const free = names([entry]);
  const claim = (wanted: Iterable<string>): ReadonlyMap<string, string> => new Map([...wanted].map((name) => [name, free.claim(name)]));
  const routines = claim(new Set(runsOf(steps).map(({ routine }) => routine)));
  return { routines, helpers: claim(helpers.map(({ name }) => name)) };
}

/** What a template calls helpers by, under their own names. */
const callable = (plan: Plan): Readonly<Record<string, string>> => Object.fromEntries(functionNames(plan).helpers);

const helperTexts = (plan: Plan, render: Render): readonly string[] =>
  plan.helpers.map(({ name, template, facts, resident }) =>
    render(`helpers/${template}.c.hbs`, { ...facts, resident, name: functionNames(plan).helpers.get(name)!, helpers: callable(plan) }),
  );

/** All functions with their tables, by routine. */
function emitFunctions(plan: Plan, weights: Weights, render: Render): ReadonlyMap<string, EmittedFunction> {
  const { routines, helpers } = functionNames(plan);
  const free = names([plan.entry, ...routines.values(), ...helpers.values()]);
  return new Map(
    [...routines].map(([routine, name]) => {
      const run = runsOf(plan.steps).find((candidate) => candidate.routine === routine)!;
      const tables = tablesOf(plan.network, run, weights).map((table) => tableView(table, free.claim(`${name}_${table.name}`)));
      const text = render(`kernels/${run.kernel}.c.hbs`, { ...run.facts, name, tables, helpers: callable(plan) });
      return [routine, { name, text, tables }];
    }),
  );
}

const tablesOf = (network: Network, run: Run, weights: Weights): readonly Table[] =>
  catalog.kernels[run.kernel]!.tables(codedWeights(network, run, weights), run.facts);

const tableView = (table: Table, name: string) => ({
  name,
  element: table.element,
  count: table.values.length,
  lines: tableLines(table),
});

/** The codes of the layers of a step that have weights. */
function codedWeights(network: Network, run: Run, weights: Weights): readonly CodedWeights[] {
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
