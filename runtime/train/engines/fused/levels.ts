import { isProduct, isReduction, isSliding, type Node } from "./graph/node.js";
import { memoryOperands, staysInPlace } from "./sliding.js";

/**
 * The stage at which a node's value is there. Rows have even levels; matrix products, and what slides over maps, odd
 * ones. What goes from channel to the same channel stays within its level, with everything elementwise between; a sum
 * over the batch is there one level of products later.
 */
export function levelsOf(): (node: Node) => number {
  const known = new Map<Node, number>();
  const levelOf = (node: Node): number => {
    const level = known.get(node) ?? Math.max(isProduct(node) || isSliding(node) ? 1 : 0, ...computed(node));
    known.set(node, level);
    return level;
  };
  const computed = (node: Node): readonly number[] => {
    const inputs = node.inputs.filter(({ op }) => op !== "levels");
    if (isProduct(node)) return inputs.map(afterRows);
    if (isSliding(node)) return inputs.map((input) => (memoryOperands(node).includes(input) ? afterRows(input) : odd(levelOf(input))));
    return inputs.map((input) => (isReduction(node) ? even(availableAt(input)) : availableAt(input)));
  };
  /** Of the next products that can read it. */
  const afterRows = (node: Node): number => even(levelOf(node)) + 1;
  const availableAt = (node: Node): number => {
    if (isProduct(node) || (isSliding(node) && !staysInPlace(node))) return levelOf(node) + 1;
    return levelOf(node) + (node.op === "batchSum" ? 2 : 0);
  };
  return levelOf;
}

/** The level itself, or the one after it. */
export const even = (level: number): number => level + (level % 2);
const odd = (level: number): number => level + 1 - (level % 2);
