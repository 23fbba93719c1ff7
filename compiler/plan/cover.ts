import { kernels } from "../kernels/index.js";
import { functionsOf, type Kernel, type Offer } from "../kernels/contract.js";
import type { Layer, LayerId } from "../ir/network.js";
import { flashOf } from "../ir/plan.js";
import { ramCodeOf } from "../ir/routine.js";
import type { Target } from "../ir/target.js";
import { jobOf, onlyReader, valuesOf } from "./jobs.js";
import type { DepthwiseChain, Lowered } from "./lower.js";

/** An offer of a kernel for consecutive layers. */
export interface Bid {
  readonly kernel: Kernel;
  readonly layers: readonly LayerId[];
  readonly offer: Offer;
  /** Whether the cycles, code and stack of the offer's cost were measured; estimated otherwise. */
  readonly measured: boolean;
  /** Bytes that its input, output and scratch space take together with the caller's input. */
  readonly buffers: number;
}

/** The depthwise chain whose loop over channels calls a bid; undefined for what is called once. */
export function loopOf({ chainOf }: Lowered, { kernel, layers }: Bid): DepthwiseChain | undefined {
  const chain = kernel.channelwise === true ? chainOf(layers[0]!) : undefined;
  return chain?.channels === 1 ? undefined : chain;
}

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

/** Every bid for each run of layers, by the first layer's place, fastest first. */
export type Bids = readonly (readonly Bid[])[];

export interface Covering {
  /** The Pareto front of covers in flash, buffers, stack and cycles, fastest first; empty when a layer has no bid. */
  readonly covers: readonly Cover[];
  /** The first layer that no bid reaches past. */
  readonly stuck?: Layer;
}

/** Width of the beam: how many covers of the Pareto front of the first n layers are kept. Small nets never have as many. */
const usualBreadth = 256;

/** Lets all kernels bid for all runs of layers. */
export const bidding = (lowered: Lowered, target: Target): Bids => lowered.layers.map((_, first) => bidsFrom(lowered, target, first));

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
  { layers }: Lowered,
  bids: Bids,
  limits: Limits = { flash: Infinity, ram: Infinity },
  breadth: number = usualBreadth,
): Covering {
  const covers: Cover[][] = [[nothing], ...layers.map(() => [])];
  const flashAfter = leastFlash(bids);
  for (const [first, reached] of covers.entries()) {
    const within = reached.filter(
      ({ flash, buffers, stack, ramCode }) => flash + flashAfter[first]! <= limits.flash && buffers + stack + ramCode <= limits.ram,
    );
    covers[first] = paretoFront(within.length > 0 ? within : reached, breadth);
    for (const bid of bids[first] ?? []) {
      covers[first + bid.layers.length]!.push(...covers[first]!.map((cover) => extend(cover, bid)));
    }
  }
  const complete = covers.at(-1)!;
  if (complete.length > 0) return { covers: complete };
  return { covers: [], stuck: layers[covers.findLastIndex((some) => some.length > 0)]! };
}

/** A lower bound of the flash from each layer to the last; shared code counts for nothing. */
function leastFlash(bids: Bids): readonly number[] {
  const least = [...bids.map(() => Infinity), 0];
  for (let first = bids.length - 1; first >= 0; first--) {
    least[first] = Math.min(...bids[first]!.map(({ layers, offer }) => flashOf(offer.cost) + least[first + layers.length]!));
  }
  return least;
}

function bidsFrom(lowered: Lowered, target: Target, first: number): readonly Bid[] {
  return Object.values(kernels)
    .flatMap((kernel) =>
      [...runsOf(lowered, kernel, first), ...(kernel.depthwiseChains === true ? chainFrom(lowered, first) : [])].flatMap((run) => {
        const ids = run.map(({ id }) => id);
        return kernel
          .bid(jobOf(lowered, run), target)
          .map((offer) => ({ kernel, layers: ids, offer, measured: false, buffers: buffersDuring(lowered, run, offer) }));
      }),
    )
    .sort((a, b) => a.offer.cost.cycles - b.offer.cost.cycles);
}

/** The runs of layers from there on whose operations a kernel serves. */
function runsOf(lowered: Lowered, kernel: Kernel, first: number): readonly (readonly Layer[])[] {
  return kernel.serves.flatMap((ops) => {
    const run = lowered.layers.slice(first, first + ops.length);
    const fits = run.length === ops.length && run.every(({ op }, i) => op === ops[i]) && runsTogether(lowered, kernel, run);
    return fits ? [run] : [];
  });
}

/** Whether the layers may be one step: nobody else reads what is fused, a channelwise kernel stays within a chain, and any other takes chains whole. */
function runsTogether(lowered: Lowered, { channelwise }: Kernel, run: readonly Layer[]): boolean {
  const chain = lowered.chainOf(run[0]!.id);
  const together =
    channelwise === true
      ? chain !== undefined && run.every(({ id }) => lowered.chainOf(id) === chain)
      : run.every(({ id }) => lowered.chainOf(id)?.layers.every((layer) => run.includes(layer)) ?? true);
  return together && isLinear(lowered, run);
}

/** The depthwise chain that begins there with the layer after it, where each layer reads nothing but the one before. */
function chainFrom(lowered: Lowered, first: number): readonly (readonly Layer[])[] {
  const chain = lowered.chainOf(lowered.layers[first]!.id);
  if (chain?.layers[0] !== lowered.layers[first]) return [];
  const run = lowered.layers.slice(first, first + chain!.layers.length + 1);
  return run.length > chain!.layers.length && isLinear(lowered, run) ? [run] : [];
}

/** Whether each layer is the only reader of the one before. */
const isLinear = (lowered: Lowered, run: readonly Layer[]): boolean => run.slice(1).every((next, i) => onlyReader(lowered, run[i]!, next));

/** Bytes that are live during a step, the caller's input included unless it may be overwritten. */
function buffersDuring({ network, stored, circumstances }: Lowered, run: readonly Layer[], { cost, overlays }: Offer): number {
  const input = network.layers[0]!.id;
  const read = run[0]!.inputs.map((id) => valuesOf(network, id));
  const held = circumstances.input === "overwritten" ? read : [...new Set([...read, input])];
  return cost.ram.static + held.reduce((sum, id) => sum + stored(id).bytes, 0) + (overlays === true ? 0 : stored(run.at(-1)!.id).bytes);
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
