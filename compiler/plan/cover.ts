import { functionsOf } from "../kernels/contract.js";
import type { Layer } from "../ir/network.js";
import { flashOf } from "../ir/plan.js";
import { ramCodeOf } from "../ir/routine.js";
import { type Bid, type Bids, placesOf } from "./bidding.js";
import type { Lowered } from "./lower.js";

/** A partition of the first layers, or of all of them, into bids, with what it costs. */
export interface Cover {
  /** The last bid and the cover that it was added to; absent in the empty cover. */
  readonly last?: { readonly bid: Bid; readonly before: Cover };
  readonly flash: number;
  /** The largest step's tensors and scratch space: a lower bound for the arena and the caller's input. */
  readonly buffers: number;
  /** The deepest stack of any step, which need not be the one with the largest buffers. */
  readonly stack: number;
  readonly cycles: number;
  /** Bytes of RAM that copied code takes. */
  readonly ramCode: number;
  /** Keys of the shared functions and routines that are paid for. */
  readonly routines: ReadonlySet<string>;
}

const nothing: Cover = { flash: 0, buffers: 0, stack: 0, cycles: 0, ramCode: 0, routines: new Set() };

/** The bids of a cover in the order of their layers. */
export function bidsOf(cover: Cover): readonly Bid[] {
  const bids: Bid[] = [];
  for (let { last } = cover; last !== undefined; { last } = last.before) bids.push(last.bid);
  return bids.reverse();
}

export interface Covering {
  /** The Pareto front of covers in flash, buffers, stack and cycles, fastest first; empty when a layer has no bid. */
  readonly covers: readonly Cover[];
  /** The first layer that no bid reaches past. */
  readonly stuck?: Layer;
}

/** Width of the beam: how many covers of the Pareto front of the first n layers are kept. Small nets never have as many. */
const usualBreadth = 256;

/** Bytes that a cover may take. */
export interface Limits {
  readonly flash: number;
  readonly ram: number;
}

/**
 * Combines bids by dynamic programming over the layers: of the covers of the first n layers only the Pareto front is kept,
 * which loses nothing, since costs only add up. Those that cannot end within the limits are dropped, too, as long as others
 * are left.
 */
export function covering(
  lowered: Lowered,
  bids: Bids,
  limits: Limits = { flash: Infinity, ram: Infinity },
  breadth: number = usualBreadth,
): Covering {
  const covers: Cover[][] = [[nothing], ...bids.map(() => [])];
  const flashAfter = leastFlash(bids);
  for (const [first, reached] of covers.entries()) {
    const within = reached.filter(
      ({ flash, buffers, stack, ramCode }) => flash + flashAfter[first]! <= limits.flash && buffers + stack + ramCode <= limits.ram,
    );
    covers[first] = paretoFront(within.length > 0 ? within : reached, breadth);
    for (const bid of bids[first] ?? []) {
      covers[bid.next]!.push(...covers[first]!.map((cover) => extend(cover, bid)));
    }
  }
  const complete = covers.at(-1)!;
  if (complete.length > 0) return { covers: complete };
  return { covers: [], stuck: lowered.layers[placesOf(lowered)[covers.findLastIndex((some) => some.length > 0)]!.layer]! };
}

/** A lower bound of the flash from each layer to the last; shared code counts for nothing. */
function leastFlash(bids: Bids): readonly number[] {
  const least = [...bids.map(() => Infinity), 0];
  for (let first = bids.length - 1; first >= 0; first--) {
    least[first] = Math.min(...bids[first]!.map(({ next, offer }) => flashOf(offer.cost) + least[next]!));
  }
  return least;
}

function extend(before: Cover, bid: Bid): Cover {
  const { cost } = bid.offer;
  const added = functionsOf(bid.offer).filter(({ key }) => !before.routines.has(key));
  const sum = (of: (one: (typeof added)[number]) => number): number => added.reduce((total, one) => total + of(one), 0);
  return {
    last: { bid, before },
    flash: before.flash + flashOf(cost) + sum(({ code }) => code),
    buffers: Math.max(before.buffers, bid.buffers),
    stack: Math.max(before.stack, cost.ram.stack),
    cycles: before.cycles + cost.cycles,
    ramCode: before.ramCode + ramCodeOf(added),
    routines: added.length === 0 ? before.routines : new Set([...before.routines, ...added.map(({ key }) => key)]),
  };
}

/**
 * The covers that no other dominates, fastest first. Of more than `breadth`, those that only the routines they share keep are
 * dropped first, then a sample along the front stays, denser towards the fast end.
 */
function paretoFront(covers: readonly Cover[], breadth: number): Cover[] {
  const fastestFirst = [...covers].sort((a, b) => a.cycles - b.cycles || a.flash - b.flash || a.buffers - b.buffers || a.stack - b.stack);
  const kept = keepUnless(fastestFirst, (better, cover) => costsNoMore(better, cover) && providesAll(better, cover));
  if (kept.length <= breadth) return kept;
  const cheapest = keepUnless(kept, costsNoMore);
  if (cheapest.length > breadth)
    return Array.from({ length: breadth }, (_, i) => cheapest[Math.max(i, Math.round((cheapest.length - 1) * (i / (breadth - 1)) ** 2))]!);
  const others = new Set(kept.filter((cover) => !cheapest.includes(cover)).slice(0, breadth - cheapest.length));
  return kept.filter((cover) => others.has(cover) || cheapest.includes(cover));
}

function keepUnless(covers: readonly Cover[], beats: (better: Cover, cover: Cover) => boolean): Cover[] {
  const kept: Cover[] = [];
  for (const cover of covers) if (!kept.some((better) => beats(better, cover))) kept.push(cover);
  return kept;
}

const costsNoMore = (a: Cover, b: Cover): boolean =>
  a.flash <= b.flash && a.buffers <= b.buffers && a.stack <= b.stack && a.ramCode <= b.ramCode && a.cycles <= b.cycles;

/** Whether a cover has all shared routines of another, which later steps then get for free. */
const providesAll = ({ routines }: Cover, { routines: wanted }: Cover): boolean =>
  routines === wanted || [...wanted].every((name) => routines.has(name));
