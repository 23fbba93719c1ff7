import { isProduct, isReduction, type Node } from "./graph/node.js";
import { reachable } from "./graph/gradients.js";

/**
 * The order in which a graph is computed: stages over all samples, by turns of rows (everything within one sample,
 * fused into as few loops as its reductions allow) and of matrix products.
 */
export type Stage = RowsStage | ProductsStage;

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
}

/** Schedules everything that `outputs` need; outputs are stored unless they are products. */
export function scheduleOf(outputs: readonly Node[]): Schedule {
  const nodes = reachable(...outputs);
  const levelOf = levels();
  const products = nodes.filter(isProduct);
  const stores = [...new Set([...products.flatMap(operandsOf), ...outputs])].filter((node) => !isProduct(node) && !isReduction(node));
  const reductions = nodes.filter(isReduction);
  const last = Math.max(...nodes.map(levelOf));
  const groups: Stage[][] = [[]];
  for (let level = 0; level <= last; level++) {
    const here = <T extends Node>(some: readonly T[]): readonly T[] => some.filter((node) => levelOf(node) === level);
    if (level % 2 === 1) groups.at(-1)!.push({ kind: "products", products: here(products) });
    else groups.at(-1)!.push({ kind: "rows", level, stores: here(stores), reductions: here(reductions) });
    if (here(reductions).some(({ op }) => op === "batchSum")) groups.push([]);
  }
  const stages = groups.flat().filter((stage): stage is RowsStage => stage.kind === "rows");
  const late = stages.flatMap((stage) => [...stage.stores, ...stage.reductions].flatMap((root) => borrowedBy(root, stage.level, levelOf)));
  const columns = [...late, ...outputs].filter(({ extent }) => extent === "sample");
  return { groups: groups.map((group) => group.filter(isBusy)), levelOf, columns: [...new Set(columns)] };
}

/** The operands of a product that samples have; levels belong to the layer. */
export const operandsOf = ({ inputs }: Node): readonly Node[] => inputs.filter(({ op }) => op !== "levels");

const isBusy = (stage: Stage): boolean => (stage.kind === "rows" ? stage.stores.length + stage.reductions.length : stage.products.length) > 0;

/** Rows have even levels, products odd ones; a sum over the batch is there one level of products later. */
function levels(): (node: Node) => number {
  const known = new Map<Node, number>();
  const levelOf = (node: Node): number => {
    const level = known.get(node) ?? Math.max(0, ...operandsOf(node).map(availableAt)) + (isProduct(node) ? 1 : 0);
    known.set(node, level);
    return level;
  };
  const availableAt = (node: Node): number => levelOf(node) + (isProduct(node) ? 1 : node.op === "batchSum" ? 2 : 0);
  return levelOf;
}

/** The reductions of earlier levels that computing `root` reads. */
function borrowedBy(root: Node, level: number, levelOf: (node: Node) => number): readonly Node[] {
  const found = new Set<Node>();
  const visit = (node: Node): void => {
    if (isProduct(node)) return;
    if (isReduction(node) && levelOf(node) < level) found.add(node);
    else node.inputs.forEach(visit);
  };
  visit(root);
  return [...found];
}
