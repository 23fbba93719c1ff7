import { catalog } from "../catalog/index.js";
import type { Kernel, Offer } from "../catalog/kernel.js";
import type { Layer, LayerId, Network } from "../ir/network.js";
import { type Cost, flashOf } from "../ir/plan.js";
import type { Target } from "../ir/target.js";
import { jobOf, onlyReader, workingLayers } from "./jobs.js";

/** An offer of a kernel for consecutive layers. */
export interface Bid {
  readonly kernel: Kernel;
  readonly layers: readonly LayerId[];
  readonly offer: Offer;
}

/** Bids that together run every layer once. */
export interface Cover {
  readonly bids: readonly Bid[];
  readonly flash: number;
  readonly ram: number;
  readonly cycles: number;
}

export interface Bidding {
  /** Every bid for each run of layers, by the first layer's place, fastest first. */
  readonly bids: readonly (readonly Bid[])[];
  /** The covers that no other beats in flash, RAM and cycles at once, fastest first; none when a layer has no bid. */
  readonly covers: readonly Cover[];
  /** The first layer that no bid reaches past. */
  readonly stuck?: Layer;
}

/** How many unbeaten covers of the first n layers are carried on: more than small nets ever have. */
const breadth = 200;

/**
 * Lets all kernels bid for all runs of layers and combines the bids. Layers are added one by one, and of the covers
 * so far those are dropped that another beats in every respect; that loses nothing, since costs only add up.
 */
export function bidding(network: Network, target: Target): Bidding {
  const layers = workingLayers(network);
  const bids = layers.map((_, first) => bidsFrom(network, target, layers, first));
  const covers: Cover[][] = layers.map(() => []);
  covers.unshift([{ bids: [], flash: 0, ram: 0, cycles: 0 }]);
  for (let first = 0; first < layers.length; first++) {
    covers[first] = unbeaten(covers[first]!);
    for (const bid of bids[first]!) {
      covers[first + bid.layers.length]!.push(...covers[first]!.map((cover) => extend(cover, bid)));
    }
  }
  const complete = unbeaten(covers[layers.length]!);
  if (complete.length > 0) return { bids, covers: complete };
  const reached = covers.findLastIndex((some) => some.length > 0);
  return { bids, covers: [], stuck: layers[reached]! };
}

function bidsFrom(network: Network, target: Target, layers: readonly Layer[], first: number): readonly Bid[] {
  return Object.values(catalog.kernels)
    .flatMap((kernel) => {
      const run = layers.slice(first, first + kernel.serves.length);
      const served = run.length === kernel.serves.length && run.every(({ op }, i) => op === kernel.serves[i]);
      const joined = run.slice(1).every((next, i) => onlyReader(network, run[i]!, next));
      if (!served || !joined) return [];
      return kernel.bid(jobOf(network, run), target).map((offer) => ({ kernel, layers: run.map(({ id }) => id), offer }));
    })
    .sort((a, b) => a.offer.cost.cycles - b.offer.cost.cycles);
}

function extend({ bids, flash, ram, cycles }: Cover, bid: Bid): Cover {
  const { cost, routine } = bid.offer;
  const known = routine !== undefined && routinesOf(bids).has(routine.name);
  return {
    bids: [...bids, bid],
    flash: flash + flashOf(cost) + (routine === undefined || known ? 0 : routine.code),
    // Steps run one after the other, so they share their scratch space and stack.
    ram: Math.max(ram, ramBeyondBuffers(cost)),
    cycles: cycles + cost.cycles,
  };
}

const ramBeyondBuffers = ({ ram }: Cost): number => ram.static + ram.stack;

const routinesOf = (bids: readonly Bid[]): ReadonlySet<string> =>
  new Set(bids.flatMap(({ offer }) => (offer.routine === undefined ? [] : [offer.routine.name])));

/** Fastest first. */
function unbeaten(covers: readonly Cover[]): Cover[] {
  const fastestFirst = [...covers].sort((a, b) => a.cycles - b.cycles || a.flash - b.flash || a.ram - b.ram);
  const kept: Cover[] = [];
  for (const cover of fastestFirst) if (!kept.some((better) => beats(better, cover))) kept.push(cover);
  if (kept.length <= breadth) return kept;
  // Thinned evenly along the trade; the fastest and the smallest stay.
  return Array.from({ length: breadth }, (_, i) => kept[Math.round((i * (kept.length - 1)) / (breadth - 1))]!);
}

/** At least as good in everything, also in the routines that later steps get for free. */
function beats(a: Cover, b: Cover): boolean {
  if (a.flash > b.flash || a.ram > b.ram || a.cycles > b.cycles) return false;
  const held = routinesOf(a.bids);
  return [...routinesOf(b.bids)].every((name) => held.has(name));
}
