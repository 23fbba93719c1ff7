import type { Plan } from "#compiler/ir/plan.js";
import type { Chip } from "#compiler/ir/target.js";
import { type Depth, deepestStack, readCallGraph } from "./call-graph.js";
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
  const graph = readCallGraph(linked.callGraphs);
  const roots = ["board_init", "main"].map((root) => deepestStack(graph, root));
  return {
    ...{ ingredients, plan, chip, sources, linked },
    footprint: footprintOf(linked, plan, chip),
    stack: { model: deepestStack(graph, plan.entry), image: roots.reduce((a, b) => (b.bytes > a.bytes ? b : a)) },
  };
}
