import type { Bid, Bids } from "#compiler/plan/bidding.js";
import { offerNameOf, offerKey } from "#compiler/plan/tuning.js";

/** Estimates of code are off by some bytes, those of cycles by as much as half. */
const tolerance = { cycles: 1.5, flash: 64 } as const;

/** The bids that might be part of a best plan: those that no other for the same layers dominates by more than estimates may be wrong. */
export const promising = (bids: Bids): readonly Bid[] =>
  bids.flatMap((some) => some.filter((bid) => !some.some((other) => other.next === bid.next && surelyBeats(other, bid))));

function surelyBeats(a: Bid, b: Bid): boolean {
  const flash = ({ offer: { cost, shared } }: Bid): number => cost.flash.code + cost.flash.weights + (shared?.routine.code ?? 0);
  const ram = ({ buffers, offer: { cost } }: Bid): number => buffers + cost.ram.stack;
  return a.offer.cost.cycles * tolerance.cycles < b.offer.cost.cycles && flash(a) + tolerance.flash < flash(b) && ram(a) <= ram(b);
}

/**
 * Few covers that together contain every bid that waits to be measured: each contains as many as possible, and the fastest bid
 * where none waits.
 */
export function roundsOf(bids: Bids, waiting: readonly Bid[]): readonly (readonly Bid[])[] {
  const left = new Set(waiting.map(keyOf));
  const rounds: (readonly Bid[])[] = [];
  while (left.size > 0) {
    const round = roundWith(bids, left);
    rounds.push(round);
    const before = left.size;
    for (const bid of round) left.delete(keyOf(bid));
    if (left.size === before) throw new Error(`no cover has ${[...left].join(", ")}`);
  }
  return rounds;
}

export const keyOf = (bid: Bid): string => offerKey(offerNameOf(bid));

/** The cover that has most of the bids that are left, and is fastest elsewhere: found from its end. */
function roundWith(bids: Bids, left: ReadonlySet<string>): readonly Bid[] {
  const ways: (Way | undefined)[] = [...bids.map(() => undefined), { fresh: 0, cycles: 0 }];
  for (let first = bids.length - 1; first >= 0; first--) {
    for (const bid of bids[first]!) {
      const after = ways[bid.next];
      if (after === undefined) continue;
      const way = { fresh: after.fresh + (left.has(keyOf(bid)) ? 1 : 0), cycles: after.cycles + bid.offer.cost.cycles, bid, after };
      const best = ways[first];
      if (best === undefined || way.fresh > best.fresh || (way.fresh === best.fresh && way.cycles < best.cycles)) ways[first] = way;
    }
  }
  const round: Bid[] = [];
  for (let way = ways[0]; way?.bid !== undefined; way = way.after) round.push(way.bid);
  return round;
}

/** From some layer to the last. */
interface Way {
  readonly fresh: number;
  readonly cycles: number;
  readonly bid?: Bid;
  readonly after?: Way;
}
