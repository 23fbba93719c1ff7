import { encode } from "../catalog/codebook/codebook.js";
import { catalog } from "../catalog/index.js";
import type { CodedWeights, Table } from "../kernels/contract.js";
import { kernels } from "../kernels/index.js";
import { fileName, headerMacros } from "../ir/c-names.js";
import type { Emission, Provenance, Templates } from "../ir/emission.js";
import { layerOf, type Network } from "../ir/network.js";
import { type Plan, type Run, runsOf } from "../ir/plan.js";
import { sizeOf } from "../ir/types.js";
import type { Weights } from "../ir/weights.js";
import { callLines, type EmittedFunction } from "./calls.js";
import { headerView, overwrites } from "./header.js";
import { names } from "./names.js";
import { renderer, type Render } from "./render.js";
import { arenaView } from "./source.js";
import { commentSafe, tableLines } from "./text.js";

/** Writes a plan with its weights as one C file and one header. The weights must fit the plan's network. */
export function emit(plan: Plan, weights: Weights, templates: Templates, provenance: Provenance): Emission {
  const render = renderer(templates);
  const { network } = plan;
  const file = fileName(network.name);
  const { helpers, routines } = emitFunctions(plan, weights, render);
  const functionOf = ({ routine }: Run): EmittedFunction => routines.get(routine)!;
  const functions = [...helpers, ...[...routines.values()].map(({ text }) => text)];
  const macros = macrosIn(functions.join(""));
  const header = headerView(plan, provenance, macros.uses["ASSEMBLY"]!);
  const classes = sizeOf(layerOf(network, network.result).type.shape);
  const source = {
    title: commentSafe(network.name),
    header: `${file}.h`,
    entry: plan.entry,
    functions,
    ...macros,
    overwritten: overwrites(plan),
    multiplies: plan.target.multiplies,
    ...arenaView(plan),
    calls: callLines(plan, functionOf),
    classes,
  };
  return new Map([
    [`${file}.h`, render("model.h.hbs", header)],
    [`${file}.c`, render("model.c.hbs", source)],
  ]);
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

/** The C function of each routine and of each helper, in the order in which they are first called. */
export function functionNames({ entry, network, steps, helpers }: Plan): {
  readonly routines: ReadonlyMap<string, string>;
  readonly helpers: ReadonlyMap<string, string>;
} {
  const free = names([entry, ...headerMacros(network.name)]);
  const claim = (wanted: Iterable<string>): ReadonlyMap<string, string> => new Map([...wanted].map((name) => [name, free.claim(name)]));
  const routines = claim(new Set(runsOf(steps).map(({ routine }) => routine)));
  return { routines, helpers: claim(helpers.map(({ name }) => name)) };
}

/** What every template of functions finds in its view beside facts. */
interface Surroundings {
  /** No other emission of a program has it. */
  readonly prefix: string;
  /** What a template calls helpers by, under their own names. */
  readonly helpers: Readonly<Record<string, string>>;
  /** `name_part`, or the like: a function or table that a template makes beside that of its name. The same whoever asks. */
  readonly own: (name: string, part: string) => string;
}

/** The functions of a plan, helpers first. */
function emitFunctions(
  plan: Plan,
  weights: Weights,
  render: Render,
): { readonly helpers: readonly string[]; readonly routines: ReadonlyMap<string, EmittedFunction> } {
  const { routines, helpers } = functionNames(plan);
  const free = names([plan.entry, ...headerMacros(plan.network.name), ...routines.values(), ...helpers.values()]);
  const parts = new Map<string, string>();
  const own = (name: string, part: string): string => {
    const wanted = `${name}_${part}`;
    if (!parts.has(wanted)) parts.set(wanted, free.claim(wanted));
    return parts.get(wanted)!;
  };
  const surroundings: Surroundings = { prefix: plan.entry, helpers: Object.fromEntries(helpers), own };
  const helperTexts = plan.helpers.map(({ name, template, facts, resident }) =>
    render(`${template}.c.hbs`, { ...facts, ...surroundings, resident, name: helpers.get(name)! }),
  );
  const texts = [...routines].map(([routine, name]) => {
    const run = runsOf(plan.steps).find((candidate) => candidate.routine === routine)!;
    const tables = tablesOf(plan.network, run, weights).map((table) => tableView(table, free.claim(`${name}_${table.name}`)));
    const text = render(`${kernels[run.kernel]!.template}.c.hbs`, { ...run.facts, ...surroundings, name, tables });
    return [routine, { name, text, tables }] as const;
  });
  return { helpers: helperTexts, routines: new Map(texts) };
}

const tablesOf = (network: Network, run: Run, weights: Weights): readonly Table[] =>
  kernels[run.kernel]!.tables(codedWeights(network, run, weights), run.facts);

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
