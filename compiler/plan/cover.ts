import { catalog } from "../catalog/index.js";
import type { Kernel, Offer } from "../catalog/kernel.js";
import type { Layer, LayerId } from "../ir/network.js";
import { flashOf, ramOf } from "../ir/plan.js";
import type { Target } from "../ir/target.js";
import { jobOf, onlyReader, valuesOf } from "./jobs.js";
import type { Schedule } from "./schedule.js";

/** An offer of a kernel for consecutive layers. */
export interface Bid {
  readonly kernel: Kernel;
  readonly layers: readonly LayerId[];
  readonly offer: Offer;
  /** Bytes that its input, output, scratch space and stack take together. */
  readonly ram: number;
}

/** Bids that together run the first layers, or all of them, once each. */
export interface Cover {
  /** The last bid and the cover that it was added to; absent in the empty cover. */
  readonly last?: { readonly bid: Bid; readonly before: Cover };
  readonly flash: number;
  /** Of the fullest step: what the arena takes at least. */
  readonly ram: number;
  readonly cycles: number;
  /** The shared routines that are paid for. */
  readonly routines: ReadonlySet<string>;
}

const nothing: Cover = { flash: 0, ram: 0, cycles: 0, routines: new Set() };

/** The bids of a cover in the order of their layers. */
export function bidsOf(cover: Cover): readonly Bid[] {
  const bids: Bid[] = [];
  for (let { last } = cover; last !== undefined; { last } = last.before) bids.push(last.bid);
  return bids.reverse();
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
const breadth = 64;

/**
 * Lets all kernels bid for all runs of layers and combines the bids. Layers are added one by one, and of the covers
 * so far those are dropped that another beats in every respect; that loses nothing, since costs only add up.
 */
export function bidding(schedule: Schedule, target: Target): Bidding {
  const { layers } = schedule;
  const bids = layers.map((_, first) => bidsFrom(schedule, target, first));
  const covers: Cover[][] = layers.map(() => []);
  covers.unshift([nothing]);
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

function bidsFrom(schedule: Schedule, target: Target, first: number): readonly Bid[] {
  const { layers } = schedule;
  return Object.values(catalog.kernels)
    .flatMap((kernel) =>
      kernel.serves.flatMap((ops) => {
        const run = layers.slice(first, first + ops.length);
        if (run.length !== ops.length || !run.every(({ op }, i) => op === ops[i]) || !runsTogether(schedule, kernel, run)) return [];
        const ids = run.map(({ id }) => id);
        return kernel.bid(jobOf(schedule, run), target).map((offer) => ({ kernel, layers: ids, offer, ram: ramDuring(schedule, run, offer) }));
      }),
    )
    .sort((a, b) => a.offer.cost.cycles - b.offer.cost.cycles);
}

/** Whether the layers may be one step of such a kernel: what it fuses nobody else reads, and what runs by channels stays together. */
function runsTogether(schedule: Schedule, { channelwise }: Kernel, run: readonly Layer[]): boolean {
  const section = schedule.sectionOf(run[0]!.id);
  const together = run.every(({ id }) => schedule.sectionOf(id) === section);
  return (section !== undefined) === (channelwise === true) && together && run.slice(1).every((next, i) => onlyReader(schedule, run[i]!, next));
}

function ramDuring({ network, stored }: Schedule, run: readonly Layer[], { cost, overlays }: Offer): number {
  const read = run[0]!.inputs.reduce((sum, id) => sum + stored(valuesOf(network, id)).bytes, 0);
  return ramOf(cost) + read + (overlays === true ? 0 : stored(run.at(-1)!.id).bytes);
}

function extend(before: Cover, bid: Bid): Cover {
  const { cost, routine } = bid.offer;
  const isNew = routine !== undefined && !before.routines.has(routine.name);
  return {
    last: { bid, before },
    flash: before.flash + flashOf(cost) + (isNew ? routine.code : 0),
    ram: Math.max(before.ram, bid.ram),
    cycles: before.cycles + cost.cycles,
    routines: isNew ? new Set([...before.routines, routine.name]) : before.routines,
  };
}

/** Fastest first. */
function unbeaten(covers: readonly Cover[]): Cover[] {
  const fastestFirst = [...covers].sort((a, b) => a.cycles - b.cycles || a.flash - b.flash || a.ram - b.ram);
  const kept: Cover[] = [];
  for (const cover of fastestFirst) if (!kept.some((better) => beats(better, cover))) kept.push(cover);
  if (kept.length <= breadth) return kept;
  // Thinned evenly along the trade between time and memory.
  return Array.from({ length: breadth }, (_, i) => kept[Math.round((i * (kept.length - 1)) / (breadth - 1))]!);
}

/** At least as good in everything, also in the routines that later steps get for free. */
function beats(a: Cover, b: Cover): boolean {
  if (a.flash > b.flash || a.ram > b.ram || a.cycles > b.cycles) return false;
  return a.routines === b.routines || [...b.routines].every((name) => a.routines.has(name));
}
