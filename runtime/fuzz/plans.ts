import type { Network } from "#compiler/ir/network.js";
import type { Plan } from "#compiler/ir/plan.js";
import { type Bid, bidding, type Bids } from "#compiler/plan/cover.js";
import { layOut } from "#compiler/plan/layout.js";
import { scheduleOf } from "#compiler/plan/schedule.js";
import type { Random } from "#compiler/random.js";
import { quantizeWeights } from "#compiler/reference/run.js";
import type { Subject } from "./subject.js";

/** How often each offer was forced so far, by kernel and variant. */
export type Forced = Map<string, number>;

const keyOf = ({ kernel, layers, offer }: Bid, interrupts: string): string => [kernel.name, layers.length, offer.variant ?? "", interrupts].join(" ");

/**
 * Plans of a subject, each of offers that were forced least so far: over many subjects every offer of every kernel is forced, not only
 * what the planner would take. At most so many, and none twice.
 */
export function forcedPlans({ network, weights, target, recipe }: Subject, draw: Random, forced: Forced, most: number): readonly Plan[] {
  const { interrupts, input, known } = recipe;
  const schedule = scheduleOf(network, { interrupts, input, ...(known ? { levels: quantizeWeights(network, weights) } : {}) });
  const bids = bidding(schedule, target);
  const open = reachable(bids);
  const made = new Map<string, readonly Bid[]>();
  for (let turn = 0; turn < most; turn++) {
    const picked: Bid[] = [];
    for (let first = 0; first < bids.length; first += picked.at(-1)!.layers.length) {
      const offers = bids[first]!.filter(({ layers }) => open[first + layers.length]);
      if (offers.length === 0) return [];
      picked.push(leastForced(offers, draw, forced, interrupts));
    }
    made.set(picked.map((bid) => keyOf(bid, interrupts)).join(" | "), picked);
  }
  return [...made.values()].map((picked, at) => {
    const named: Network = { ...network, name: `net${at}` };
    return layOut({ network: named, target, entry: `net${at}_infer` }, scheduleOf(named, schedule.circumstances), picked, bids);
  });
}

/** From which layers on there is a way to the end. */
function reachable(bids: Bids): readonly boolean[] {
  const open = [...bids.map(() => false), true];
  for (let first = bids.length - 1; first >= 0; first--) open[first] = bids[first]!.some(({ layers }) => open[first + layers.length]);
  return open;
}

function leastForced(offers: readonly Bid[], draw: Random, forced: Forced, interrupts: string): Bid {
  const countOf = (bid: Bid): number => forced.get(keyOf(bid, interrupts)) ?? 0;
  const least = Math.min(...offers.map(countOf));
  const choices = offers.filter((bid) => countOf(bid) === least);
  const chosen = choices[draw.below(choices.length)]!;
  forced.set(keyOf(chosen, interrupts), least + 1);
  return chosen;
}
