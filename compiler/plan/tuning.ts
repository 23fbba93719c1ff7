import type { Diagnostic } from "#grammar/diagnostic.js";
import type { Span } from "#grammar/source.js";
import type { LayerId } from "../ir/network.js";
import { type Cost, type Run, showKernel } from "../ir/plan.js";
import type { Bid, Bids } from "./bidding.js";
import { problem } from "./messages.js";
import type { Fingerprint } from "./fingerprint.js";

/** What the best of several plans has least of. */
export const objectives = ["cycles", "flash", "ram"] as const;
export type Objective = (typeof objectives)[number];

/** What was measured of a network's kernels on one target, and which were chosen by it. */
export interface Tuning {
  /** Of what was measured; where it differs from what is planned, the tuning is stale. */
  readonly fingerprint: Fingerprint;
  readonly by: Conditions;
  readonly objective: Objective;
  readonly offers: readonly MeasuredOffer[];
  /** Absent as long as not all was measured. */
  readonly chosen?: Chosen;
  /** Where it is written. */
  readonly origin: Span;
}

/** How it was measured; figures of other conditions are not compared with these. */
export interface Conditions {
  /** A hash of the trained weights. */
  readonly weights: string;
  readonly samples: number;
  readonly compiler: string;
}

/** What identifies an offer in a network: consecutive layers, and the kernel and variant that run them. */
export type OfferName = Pick<Run, "layers" | "kernel" | "variant">;

export interface MeasuredOffer extends OfferName {
  /** Mean of an inference. */
  readonly cycles: number;
  /** Bytes of the function's code. */
  readonly code: number;
  /** Bytes of the deepest stack below the function's entry. */
  readonly stack: number;
}

export interface Chosen {
  /** In the order of their layers. */
  readonly choices: readonly OfferName[];
  /** Of the whole model, in a firmware that does nothing else. */
  readonly cost: Cost;
}

/** `dense1: dense-bucket`: what tells offers for one network and target apart. */
export const offerKey = (choice: OfferName): string => `${stepKey(choice.layers)}: ${showKernel(choice)}`;

/** Layer names never contain a space. */
export const stepKey = (layers: readonly LayerId[]): string => layers.join(" ");

export const offerNameOf = ({ layers, kernel, offer: { variant } }: Bid): OfferName => ({
  layers,
  kernel: kernel.name,
  ...(variant === undefined ? {} : { variant }),
});

/** The bids with measured figures in the place of estimates, where there are any; fastest first. */
export function measuredBids(bids: Bids, offers: readonly MeasuredOffer[]): Bids {
  const known = new Map(offers.map((offer) => [offerKey(offer), offer]));
  const measured = (bid: Bid): Bid => {
    const found = known.get(offerKey(offerNameOf(bid)));
    return found === undefined ? bid : withMeasured(bid, found);
  };
  return bids.map((some) => some.map(measured).sort((a, b) => a.offer.cost.cycles - b.offer.cost.cycles));
}

function withMeasured(bid: Bid, { cycles, code, stack }: MeasuredOffer): Bid {
  const { cost, shared } = bid.offer;
  const ram = { ...cost.ram, stack };
  const own =
    shared === undefined
      ? { ...bid.offer, cost: { flash: { ...cost.flash, code }, ram, cycles } }
      : { ...bid.offer, cost: { ...cost, ram, cycles }, shared: { ...shared, routine: { ...shared.routine, code } } };
  return { ...bid, offer: own, measured: true };
}

/** The bids that were chosen, in order; undefined when one of them is not made any more, or when they do not cover all layers. */
export function chosenBids(bids: Bids, { choices }: Chosen): readonly Bid[] | undefined {
  const wanted = new Set(choices.map(offerKey));
  const chosen: Bid[] = [];
  for (let at = 0; at < bids.length; at = chosen.at(-1)!.next) {
    const next = bids[at]!.find((bid) => wanted.has(offerKey(offerNameOf(bid))));
    if (next === undefined) return undefined;
    chosen.push(next);
  }
  return chosen.length === choices.length ? chosen : undefined;
}

/** The tuning where it is of what is planned now; elsewhere a warning, and estimates decide. */
export function currentTuning(
  tuning: Tuning,
  fingerprint: Fingerprint,
): { readonly tuning?: Tuning; readonly diagnostics: readonly Diagnostic[] } {
  const changed = (["network", "target", "kernels"] as const).filter((part) => tuning.fingerprint[part] !== fingerprint[part]);
  if (changed.length === 0) return { tuning, diagnostics: [] };
  return {
    diagnostics: [
      staleTuning(
        tuning,
        `the ${changed.join(" and the ")} ${changed.length === 1 && changed[0] !== "kernels" ? "has" : "have"} changed since`,
      ),
    ],
  };
}

export const staleTuning = ({ origin }: Tuning, reason: string): Diagnostic =>
  problem("stale-tuning", origin, { reason }, { help: "run `bnmc tune` again, or remove the file" });
