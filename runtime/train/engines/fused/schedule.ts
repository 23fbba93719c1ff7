import { isProduct, isReduction, isSliding, type Node } from "./graph/node.js";
import { reachable } from "./graph/gradients.js";
import { even, levelsOf } from "./levels.js";
import { planesStage, type PlanesStage } from "./planes.js";
import { lanesOf } from "./sliding.js";

/**
 * The order in which a graph is computed: stages over all samples, by turns of rows (everything within one sample,
 * fused into as few loops as its reductions allow) and of matrix products and windows over maps.
 */
export type Stage = RowsStage | ProductsStage | PlanesStage;

export interface RowsStage {
  readonly kind: "rows";
  readonly level: number;
  /** What later stages read of it: written to memory. Everything else is computed again where it is needed. */
  readonly stores: readonly Node[];
  readonly reductions: readonly Node[];
}

export interface ProductsStage {
  readonly kind: "products";
  readonly products: readonly Node[];
}

export interface Schedule {
  /** Between groups all samples of the batch meet: its sums over them are added up. */
  readonly groups: readonly (readonly Stage[])[];
  /** The stage at which a node's value is there. */
  readonly levelOf: (node: Node) => number;
  /** Numbers of samples that are stored: what later stages read, and outputs. */
  readonly columns: readonly Node[];
  /** What slides over maps and is read by other stages than the one that makes it. */
  readonly kept: ReadonlySet<Node>;
  /** The samples, in each arrangement that is read. */
  readonly samples: readonly Node[];
}

/** Schedules everything that `outputs` need; outputs are stored unless they are products. */
export function scheduleOf(outputs: readonly Node[]): Schedule {
  const nodes = reachable(...outputs);
  const levelOf = levelsOf();
  const products = nodes.filter(isProduct);
  const sliding = nodes.filter(isSliding);
  const vectors = sliding.filter(({ op }) => op === "fromVector").flatMap(operandsOf);
  const stores = [...new Set([...products.flatMap(operandsOf), ...vectors, ...outputs])].filter(
    (node) => !isProduct(node) && !isReduction(node) && !isSliding(node),
  );
  const reductions = nodes.filter(isReduction);
  const last = Math.max(...[...nodes, ...stores].map((node) => even(levelOf(node))));
  const stageOf = (node: Node): number => (isSliding(node) ? levelOf(node) : even(levelOf(node)));
  const read = [...stores, ...reductions, ...sliding].flatMap((node) => {
    const roots = isSliding(node) ? operandsOf(node) : [node];
    return roots.flatMap((root) => leavesOf(root, (leaf) => (isSliding(leaf) || isReduction(leaf)) && levelOf(leaf) < stageOf(node)));
  });
  const kept = new Set(
    [...read, ...outputs, ...products.flatMap(operandsOf)].filter((node) => isSliding(node) && node.op !== "kernelGradient"),
  );
  const groups: Stage[][] = [[]];
  for (let level = 0; level <= last; level++) {
    const here = <T extends Node>(some: readonly T[]): readonly T[] => some.filter((node) => stageOf(node) === level);
    if (level % 2 === 1)
      groups
        .at(-1)!
        .push({ kind: "products", products: products.filter((node) => levelOf(node) === level) }, ...planesAt(level, here(sliding), kept));
    else groups.at(-1)!.push({ kind: "rows", level, stores: here(stores), reductions: here(reductions) });
    if (here(reductions).some(({ op }) => op === "batchSum")) groups.push([]);
  }
  return {
    groups: groups.map((group) => group.filter(isBusy)),
    levelOf,
    columns: [...new Set([...read, ...outputs])].filter(({ extent }) => extent === "sample"),
    kept,
    samples: nodes.filter(({ op }) => op === "samples"),
  };
}

/** The operands of a product that samples have; levels belong to the layer. */
export const operandsOf = ({ inputs }: Node): readonly Node[] => inputs.filter(({ op }) => op !== "levels");

const isBusy = (stage: Stage): boolean =>
  stage.kind === "rows" ? stage.stores.length + stage.reductions.length > 0 : stage.kind === "planes" || stage.products.length > 0;

/** One stage for all that work on as many channels. */
function planesAt(level: number, nodes: readonly Node[], kept: ReadonlySet<Node>): readonly PlanesStage[] {
  const widths = [...new Set(nodes.map(lanesOf))];
  return widths.map((channels) =>
    planesStage(
      level,
      channels,
      nodes.filter((node) => lanesOf(node) === channels),
      kept,
    ),
  );
}

/** What computing `root` reads without going further: products and windows, and what `isLeaf` says. */
function leavesOf(root: Node, isLeaf: (node: Node) => boolean): readonly Node[] {
  const found = new Set<Node>();
  const visit = (node: Node): void => {
    if (isLeaf(node)) found.add(node);
    else if (!isProduct(node) && !isSliding(node)) node.inputs.forEach(visit);
  };
  visit(root);
  return [...found];
}
