import type { FeatureMap } from "#compiler/catalog/shapes/feature-map.js";
import { isProduct, isReduction, isSliding, isWider, type Node } from "../graph/node.js";
import type { RowsStage } from "../schedule.js";

/** One loop over features: the reductions and stores of one depth that have the same map. */
export interface Pass {
  readonly map: FeatureMap;
  readonly reductions: readonly Node[];
  readonly stores: readonly Node[];
}

/** By depth: how many reductions, one after the other, must be known before. */
export function passesOf({ stores, reductions }: RowsStage, isStored: (node: Node) => boolean): readonly Pass[] {
  const known = new Map<Node, number>();
  const depthOf = (node: Node): number => {
    if (isStored(node) || isProduct(node) || isSliding(node)) return 0;
    const depth = known.get(node) ?? Math.max(0, ...node.inputs.map(depthOf)) + (isReduction(node) ? 1 : 0);
    known.set(node, depth);
    return depth;
  };
  const passes = new Map<string, { depth: number; map: FeatureMap; reductions: Node[]; stores: Node[] }>();
  const passAt = (depth: number, map: FeatureMap) => {
    const key = [depth, map.height, map.width, map.channels].join(":");
    const pass = passes.get(key) ?? { depth, map, reductions: [], stores: [] };
    passes.set(key, pass);
    return pass;
  };
  for (const node of reductions)
    if (node.inputs[0]!.extent === "feature") passAt(depthOf(node.inputs[0]!), node.inputs[0]!.map).reductions.push(node);
  for (const node of stores) if (node.extent === "feature") passAt(depthOf(node), node.map).stores.push(node);
  return [...passes.values()].sort((one, other) => one.depth - other.depth);
}

/** What feature values are computed from that is no feature value itself. */
export function narrowOperands(roots: readonly Node[], isStored: (node: Node) => boolean): readonly Node[] {
  const found = new Set<Node>();
  const seen = new Set<Node>();
  const visit = (node: Node): void => {
    if (seen.has(node)) return;
    seen.add(node);
    if (isWider("feature", node.extent)) found.add(node);
    if (node.extent === "feature" && !isProduct(node) && !isSliding(node)) node.inputs.forEach(visit);
    else if (node.extent === "sample" && !isStored(node)) node.inputs.forEach(visit);
  };
  roots.forEach(visit);
  return [...found];
}
