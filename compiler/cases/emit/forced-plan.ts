import type { Network } from "#compiler/ir/network.js";
import type { Plan } from "#compiler/ir/plan.js";
import type { Target } from "#compiler/ir/target.js";
import { type Bid, bidding } from "#compiler/plan/bidding.js";
import { layOut } from "#compiler/plan/layout.js";
import { type Circumstances, lower } from "#compiler/plan/lower.js";

/** A plan in which a test, not the estimates, picks among the bids for each layer. */
export function forcedPlan(network: Network, target: Target, pick: (bids: readonly Bid[]) => Bid, circumstances?: Circumstances): Plan {
  const lowered = lower(network, circumstances);
  const bids = bidding(lowered, target);
  const picked: Bid[] = [];
  for (let first = 0; first < bids.length; first = picked.at(-1)!.next) picked.push(pick(bids[first]!));
  return layOut({ network, target, entry: `${network.name}_infer` }, lowered, picked, bids);
}
