import { functionNames } from "#compiler/emit/emit.js";
import type { Plan } from "#compiler/ir/plan.js";
import type { Chip } from "#compiler/ir/target.js";
import { type CallGraph, type Depth, deepestStack, readCallGraph } from "./call-graph.js";
import { type Footprint, footprintOf } from "./footprint.js";
import { link, type Linked } from "./link.js";
import { chipOf, demoSources, type Ingredients, type Sources } from "./sources.js";

/** A firmware, linked and measured. */
export interface Firmware {
  readonly ingredients: Ingredients;
  readonly plan: Plan;
  readonly chip: Chip;
  readonly sources: Sources;
  readonly linked: Linked;
  readonly footprint: Footprint;
  readonly calls: CallGraph;
  readonly stack: {
    /** Below the model's entry, and below reset. */
    readonly model: Depth;
    readonly image: Depth;
  };
}

/** Compiles, links and measures the demo firmware of a plan, however big it is. */
export function buildFirmware(ingredients: Ingredients): Firmware {
  const { plan } = ingredients;
  const chip = chipOf(plan.target);
  const sources = demoSources(ingredients);
  const linked = link(sources, plan.target);
  const calls = readCallGraph(linked.callGraphs, stackOfAssembly(plan));
  const roots = ["board_init", "main"].map((root) => deepestStack(calls, root));
  return {
    ...{ ingredients, plan, chip, sources, linked, calls },
    footprint: footprintOf(linked, plan, chip),
    stack: { model: deepestStack(calls, plan.entry), image: roots.reduce((a, b) => (b.bytes > a.bytes ? b : a)) },
  };
}

/** What the assembly of routines takes, by their names in C. */
export const stackOfAssembly = (plan: Plan): ReadonlyMap<string, number> => {
  const names = functionNames(plan).routines;
  return new Map(plan.routines.flatMap(({ key, stack }) => (stack === undefined ? [] : [[names.get(key)!, stack] as const])));
};
