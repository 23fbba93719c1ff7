import { kernels } from "../kernels/index.js";
import type { Kernel, Offer } from "../kernels/contract.js";
import { unpackCycles, unpackNibbles } from "../kernels/nibbles.js";
import type { Layer, LayerId } from "../ir/network.js";
import type { Target } from "../ir/target.js";
import { jobOf, onlyReader, valuesOf } from "./jobs.js";
import type { DepthwiseChain, Lowered } from "./lower.js";
import type { Stored } from "./storage.js";

/** An offer of a kernel for consecutive layers. */
export interface Bid {
  readonly kernel: Kernel;
  readonly layers: readonly LayerId[];
  readonly offer: Offer;
  /** Whether the cycles, code and stack of the offer's cost were measured; estimated otherwise. */
  readonly measured: boolean;
  /** Bytes that its input, output and scratch space take together with the caller's input. */
  readonly buffers: number;
  /** How its first input and its output are stored. */
  readonly reads: Stored;
  /** Where its kernel reads nothing but bytes and its input is in nibbles, their copy. */
  readonly unpacked?: Stored;
  readonly writes: Stored;
  /** The place behind its last layer. */
  readonly next: number;
}

/** Where a bid may begin or end: before a layer, whose input is stored in bytes or in nibbles. */
export interface Place {
  readonly layer: number;
  readonly nibbles: boolean;
}

/** The places of a network in order, the last one behind all layers. */
export const placesOf = ({ layers, nibbles }: Lowered): readonly Place[] =>
  [...layers.keys(), layers.length].flatMap((layer) => [
    { layer, nibbles: false },
    ...(layer > 0 && nibbles(layers[layer - 1]!.id) !== undefined ? [{ layer, nibbles: true }] : []),
  ]);

/** The depthwise chain whose loop over channels calls a bid; undefined for what is called once. */
export function loopOf({ chainOf }: Lowered, { kernel, layers }: Bid): DepthwiseChain | undefined {
  const chain = kernel.channelwise === true ? chainOf(layers[0]!) : undefined;
  return chain?.channels === 1 ? undefined : chain;
}

/** Every bid for each run of layers, by the place where it begins, fastest first; the last place has none. */
export type Bids = readonly (readonly Bid[])[];

/** Lets all kernels bid for all runs of layers. Places in nibbles have bids only where some bid ends there and another goes on. */
export function bidding(lowered: Lowered, target: Target): Bids {
  const places = placesOf(lowered);
  const bids: (readonly Bid[])[] = places.slice(0, -1).map(() => []);
  for (let place = bids.length - 1; place >= 0; place--) {
    bids[place] = bidsFrom(lowered, target, places, place).filter(({ next }) => !places[next]!.nibbles || bids[next]!.length > 0);
  }
  const reached = new Set<number>();
  return bids.map((some, place) => {
    const left = places[place]!.nibbles && !reached.has(place) ? [] : some;
    for (const { next } of left) reached.add(next);
    return left;
  });
}

function bidsFrom(lowered: Lowered, target: Target, places: readonly Place[], place: number): readonly Bid[] {
  const { layer: first, nibbles } = places[place]!;
  // Channels of nibbles do not lie apart: a loop over them cannot read them one by one.
  const asked = Object.values(kernels).filter((kernel) => !nibbles || kernel.channelwise !== true);
  return asked
    .flatMap((kernel) =>
      [...runsOf(lowered, kernel, first), ...(kernel.depthwiseChains === true ? chainFrom(lowered, first) : [])].flatMap((run) =>
        places.flatMap((end, next) =>
          end.layer === first + run.length && (!end.nibbles || kernel.nibbles?.writes === true)
            ? bidsFor(lowered, target, kernel, run, { reads: nibbles, writes: end.nibbles }).map((bid) => ({ ...bid, next }))
            : [],
        ),
      ),
    )
    .sort((a, b) => a.offer.cost.cycles - b.offer.cost.cycles);
}

/** What a kernel offers for a run of layers whose input and output are in nibbles or in bytes. */
export function bidsFor(
  lowered: Lowered,
  target: Target,
  kernel: Kernel,
  run: readonly Layer[],
  inNibbles: { readonly reads: boolean; readonly writes: boolean },
): readonly Omit<Bid, "next">[] {
  const source = valuesOf(lowered.network, run[0]!.inputs[0]!);
  const bytes = lowered.stored(source);
  const unpacks = inNibbles.reads && kernel.nibbles?.reads !== true;
  const reads = inNibbles.reads ? lowered.nibbles(source)! : bytes;
  const writes = inNibbles.writes ? lowered.nibbles(run.at(-1)!.id)! : lowered.stored(run.at(-1)!.id);
  const layers = run.map(({ id }) => id);
  const job = jobOf(lowered, run, { reads: (unpacks ? bytes : reads).element, writes: writes.element });
  return kernel.bid(job, target).map((given) => {
    const offer = saying(unpacks ? unpacking(given, bytes.count) : given, inNibbles);
    const stored = { reads, writes, ...(unpacks && { unpacked: bytes }) };
    return { kernel, layers, offer, measured: false, ...stored, buffers: buffersDuring(lowered, run, offer, stored) };
  });
}

/** An offer that reads bytes, of nibbles: it reads a copy, and so does not run in place. */
function unpacking({ overlays: _, cost, calls, ...offer }: Offer, values: number): Offer {
  return { ...offer, cost: { ...cost, cycles: cost.cycles + unpackCycles * values }, calls: { ...calls, unpack: unpackNibbles } };
}

/** An offer whose variant tells of nibbles: storage tells offers apart. */
function saying(offer: Offer, { reads, writes }: { readonly reads: boolean; readonly writes: boolean }): Offer {
  const words = [...(reads ? ["from nibbles"] : []), ...(writes ? ["to nibbles"] : [])];
  return words.length === 0 ? offer : { ...offer, variant: [offer.variant, ...words].filter((word) => word !== undefined).join(", ") };
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
function buffersDuring(
  { network, stored, circumstances }: Lowered,
  run: readonly Layer[],
  { cost, overlays }: Offer,
  { reads, unpacked, writes }: Pick<Bid, "reads" | "unpacked" | "writes">,
): number {
  const input = network.layers[0]!.id;
  const [first, ...others] = run[0]!.inputs.map((id) => valuesOf(network, id));
  const held = [...others, ...(circumstances.input === "overwritten" ? [] : [input])].filter((id) => id !== first);
  const beside = [...new Set(held)].reduce((sum, id) => sum + stored(id).bytes, 0);
  return cost.ram.static + reads.bytes + (unpacked?.bytes ?? 0) + beside + (overlays === true ? 0 : writes.bytes);
}
