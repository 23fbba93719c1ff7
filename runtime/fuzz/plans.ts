import type { Network } from "#compiler/ir/network.js";
import type { Plan } from "#compiler/ir/plan.js";
import { type Bid, bidding, type Bids } from "#compiler/plan/bidding.js";
import { layOut } from "#compiler/plan/layout.js";
import { lower } from "#compiler/plan/lower.js";
import type { Random } from "#compiler/random.js";
import { quantizeWeights } from "#compiler/catalog/integers.js";
import type { Subject } from "./subject.js";

/** How often each offer was forced, by kernel and variant. */
export type Forced = ReadonlyMap<string, number>;

/** Plans with the offers that they force. */
export interface ForcedPlans {
  readonly plans: readonly Plan[];
  readonly forced: Forced;
}

const keyOf = ({ kernel, layers, offer }: Bid, interrupts: string): string =>
  [kernel.name, layers.length, offer.variant ?? "", interrupts].join(" ");

/** What plans are made of: a network on a target, and how it is deployed. */
export interface Forcible extends Pick<Subject, "network" | "weights" | "target"> {
  readonly recipe: Pick<Subject["recipe"], "interrupts" | "input" | "known">;
}

/**
 * Plans of a network, each of offers that were forced least so far: every offer in turn, not only what the planner would take. At most
 * so many, and none twice.
 */
export function forcedPlans({ network, weights, target, recipe }: Forcible, draw: Random, most: number): ForcedPlans {
  const { interrupts, input, known } = recipe;
  const lowered = lower(network, { interrupts, input, ...(known ? { levels: quantizeWeights(network, weights) } : {}) });
  const bids = bidding(lowered, target);
  const open = reachable(bids);
  const forced = new Map<string, number>();
  const made = new Map<string, readonly Bid[]>();
  for (let turn = 0; turn < most; turn++) {
    const picked: Bid[] = [];
    for (let first = 0; first < bids.length; first = picked.at(-1)!.next) {
      const offers = bids[first]!.filter(({ next }) => open[next]);
      if (offers.length === 0) return { plans: [], forced };
      picked.push(leastForced(offers, draw, forced, interrupts));
    }
    made.set(picked.map((bid) => keyOf(bid, interrupts)).join(" | "), picked);
  }
  const plans = [...made.values()].map((picked, at) => {
    const named: Network = { ...network, name: `net${at}` };
    return layOut({ network: named, target, entry: `net${at}_infer` }, lower(named, lowered.circumstances), picked, bids);
  });
  return { plans, forced };
}

/** From which layers on there is a way to the end. */
function reachable(bids: Bids): readonly boolean[] {
  const open = [...bids.map(() => false), true];
  for (let first = bids.length - 1; first >= 0; first--) open[first] = bids[first]!.some(({ next }) => open[next]);
  return open;
}

function leastForced(offers: readonly Bid[], draw: Random, forced: Map<string, number>, interrupts: string): Bid {
  const countOf = (bid: Bid): number => forced.get(keyOf(bid, interrupts)) ?? 0;
  const least = Math.min(...offers.map(countOf));
  const choices = offers.filter((bid) => countOf(bid) === least);
  const chosen = choices[draw.below(choices.length)]!;
  forced.set(keyOf(chosen, interrupts), least + 1);
  return chosen;
}
