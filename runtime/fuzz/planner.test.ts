import fc from "fast-check";
import { expect, test } from "vitest";
import type { Deployment } from "#compiler/ir/module.js";
import type { Network } from "#compiler/ir/network.js";
import { type Cost, flashOf, ramOf } from "#compiler/ir/plan.js";
import type { Target } from "#compiler/ir/target.js";
import { type Bid, bidding, type Bids } from "#compiler/plan/bidding.js";
import { layOut } from "#compiler/plan/layout.js";
import { plan } from "#compiler/plan/plan.js";
import { lower } from "#compiler/plan/lower.js";
import { random } from "#compiler/random.js";
import { loadTarget } from "../targets.js";
import { recipes } from "./recipe.js";
import { subjectOf } from "./subject.js";

/**
 * What the planner takes within budgets, against all covers there are. Where buffers do not lie side by side without gaps, it may give
 * up an offer that another beats in every bound and that alone would have fitted: rarely, and by a little.
 */
const [nets, mostCovers] = [60, 6000];
const tolerance = 1.03;

const endless = (name: string): Target => ({ ...loadTarget(name), memory: { flash: 1e9, ram: 1e9 } });
const targets = ["ch32v003", "ch32v002"].map(endless);

/** The cost of every cover of a net; undefined where they are too many or only one. */
function allCosts(network: Network, target: Target): readonly Cost[] | undefined {
  const lowered = lower(network);
  const bids = bidding(lowered, target);
  const count = countCovers(bids);
  if (count < 2 || count > mostCovers) return undefined;
  const from = (first: number): readonly (readonly Bid[])[] =>
    first === bids.length ? [[]] : bids[first]!.flatMap((bid) => from(bid.next).map((others) => [bid, ...others]));
  return from(0).map((picked) => layOut({ network, target, entry: "net_infer" }, lowered, picked, bids).cost);
}

function countCovers(bids: Bids): number {
  const counts = [...bids.map(() => 0), 1];
  for (let first = bids.length - 1; first >= 0; first--) counts[first] = bids[first]!.reduce((sum, { next }) => sum + counts[next]!, 0);
  return counts[0]!;
}

function requiring(network: Network, bounds: Readonly<Record<string, number>>): Deployment {
  const origin = network.layers[0]!.origin[0]!;
  const claims = Object.entries(bounds).map(([name, bound]) => ({
    mode: "require" as const,
    subject: { name, arguments: {} },
    comparison: "<=" as const,
    bound,
    origin,
  }));
  return { settings: {}, claims, targetOrigin: origin } as unknown as Deployment;
}

/** How much slower than the best of all covers the planner's choice is, within budgets that some covers keep. */
function loss(seed: number): number | undefined {
  const [recipe] = fc.sample(recipes, { numRuns: 1, seed });
  const subject = subjectOf({ ...recipe!, stages: recipe!.stages.slice(0, 3) });
  const target = targets[seed % targets.length]!;
  const costs = subject && allCosts(subject.network, target);
  if (subject === undefined || costs === undefined) return undefined;
  const draw = random("budgets", seed);
  const sorted = (of: (cost: Cost) => number): readonly number[] => costs.map(of).sort((a, b) => a - b);
  const ram = sorted(ramOf)[draw.below(Math.ceil(costs.length / 2))]!;
  const flash = draw.below(2) === 0 ? 1e9 : sorted(flashOf)[draw.below(costs.length)]!;
  const fitting = costs.filter((cost) => ramOf(cost) <= ram && flashOf(cost) <= flash);
  if (fitting.length === 0) return undefined;
  const { value, diagnostics } = plan(subject.network, target, requiring(subject.network, { ram, flash }));
  return diagnostics.length > 0 ? Infinity : value!.cost.cycles / fitting.reduce((least, { cycles }) => Math.min(least, cycles), Infinity);
}

test("the planner's choice within budgets is the best of all covers, or very nearly", () => {
  const losses: number[] = [];
  for (let seed = 1; losses.length < nets; seed++) {
    const found = loss(seed);
    if (found !== undefined) losses.push(found);
  }
  expect(losses.filter((one) => one > tolerance)).toEqual([]);
  expect(losses.filter((one) => one > 1).length).toBeLessThanOrEqual(1);
});
