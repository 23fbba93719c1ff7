import { kernels } from "../kernels/index.js";
import type { Deployment } from "../ir/module.js";
import { layerOf } from "../ir/network.js";
import type { Occupancies } from "../ir/occupancy.js";
import { type Plan, type Run, runsOf } from "../ir/plan.js";
import type { Target } from "../ir/target.js";
import { sizeOf } from "../ir/types.js";
import { bidsFor } from "./bidding.js";
import { entryCost } from "./cost.js";
import { type Lowered, lower } from "./lower.js";
import { circumstancesOf } from "./plan.js";

/**
 * The estimated cycles of a plan by activation densities. Kernels stay as they were chosen, by estimates or by measurement; cycles that
 * were measured are of other weights and play no part.
 */
export function cycleEstimator({ network, target, steps }: Plan, deployment: Deployment): (occupancies: Occupancies) => number {
  const lowered = lower(network, circumstancesOf(deployment, {}));
  const runs = runsOf(steps);
  const { cycles } = entryCost(target, sizeOf(layerOf(network, network.result).type.shape), runs.length);
  return (occupancies) => {
    const observed = { ...lowered, circumstances: { ...lowered.circumstances, occupancies } };
    return runs.reduce((sum, run) => sum + cyclesOf(observed, target, run), cycles);
  };
}

function cyclesOf(lowered: Lowered, target: Target, { kernel, variant, layers, reads, writes }: Run): number {
  const bids = bidsFor(
    lowered,
    target,
    kernels[kernel]!,
    layers.map((id) => layerOf(lowered.network, id)),
    { reads: reads.element === "u4", writes: writes.element === "u4" },
  );
  const chosen = bids.find(({ offer }) => offer.variant === variant);
  if (chosen === undefined) throw new Error(`${kernel} offers no ${variant ?? "implementation"} of ${layers.join(", ")} any more`);
  return chosen.offer.cost.cycles;
}
