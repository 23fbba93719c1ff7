import type { Cost } from "../ir/plan.js";
import type { Target } from "../ir/target.js";

/** What start-up code and the emitted entry function cost beside the steps, which it calls. */
export const entryCost = ({ chip }: Target, classes: number, steps: number): Cost => ({
  flash: { code: 48 + 30 * steps + (chip?.startUp ?? 0), weights: 0 },
  ram: { static: 0, stack: 32 },
  cycles: 60 + 12 * classes,
});

/** Steps run one after the other: code, weights and cycles add up, the deepest stack counts. */
export function sumCosts(entry: Cost, steps: readonly Cost[], staticBytes: number): Cost {
  const sum = (of: (cost: Cost) => number): number => steps.reduce((total, step) => total + of(step), of(entry));
  return {
    flash: { code: sum(({ flash }) => flash.code), weights: sum(({ flash }) => flash.weights) },
    ram: { static: staticBytes, stack: entry.ram.stack + Math.max(0, ...steps.map(({ ram }) => ram.stack)) },
    cycles: sum(({ cycles }) => cycles),
  };
}
