import { type LayerId, layerOf } from "../ir/network.js";
import { elementBytes, type Occupant, type Run } from "../ir/plan.js";
import type { Bid } from "./cover.js";
import { valuesOf } from "./jobs.js";
import type { Buffer } from "./place.js";
import type { Schedule, Section } from "./schedule.js";

/** Every value that a step writes, and every step's scratch space, with the steps during which it needs its bytes. */
export function buffersOf(schedule: Schedule, bids: readonly Bid[]): readonly Buffer[] {
  const { network } = schedule;
  const result = valuesOf(network, network.result);
  const spans = bids.map((bid) => loopAround(schedule, bids, bid));
  const sources = bids.map(({ layers }) => layerOf(network, layers[0]!).inputs.map((id) => valuesOf(network, id)));
  return bids.flatMap(({ layers, offer }, index): readonly Buffer[] => {
    const id = layers.at(-1)!;
    const { element, bytes, channelwise } = schedule.stored(id);
    const lastReader = sources.findLastIndex((read) => read.includes(id));
    // What lives through a round of a loop only needs its own steps; what has all channels needs the whole loop.
    const from = channelwise ? index : spans[index]!.first;
    const to = id === result ? bids.length : channelwise ? lastReader : spans[lastReader]!.last;
    const overlaid = offer.overlays === true ? overlaidBy(schedule, sources[index]!) : undefined;
    const value = { name: id, bytes, alignment: elementBytes[element], from, to, ...(overlaid === undefined ? {} : { overlays: overlaid }) };
    const scratch = offer.cost.ram.static;
    return scratch === 0 ? [value] : [value, { name: scratchName(index), bytes: scratch, alignment: 4, from: index, to: index }];
  });
}

/** The first and the last step of the loop that a step is in; the step itself, when it is in none. */
function loopAround({ sectionOf }: Schedule, bids: readonly Bid[], bid: Bid): { readonly first: number; readonly last: number } {
  const sectionOfBid = ({ layers }: Bid): Section | undefined => sectionOf(layers[0]!);
  const section = sectionOfBid(bid);
  if (section === undefined) return { first: bids.indexOf(bid), last: bids.indexOf(bid) };
  return { first: bids.findIndex((other) => sectionOfBid(other) === section), last: bids.findLastIndex((other) => sectionOfBid(other) === section) };
}

/** What a step that goes forward may write over: the value it reads, unless that is the caller's or needed by the next round. */
function overlaidBy({ network, stored, sectionOf }: Schedule, read: readonly LayerId[]): LayerId | undefined {
  const [source] = read;
  if (read.length !== 1 || source === network.layers[0]!.id) return undefined;
  return stored(source!).channelwise || sectionOf(source!) === undefined ? source : undefined;
}

/** Buffers come in the order of their steps, a step's value before its scratch space. */
export const occupantsOf = (schedule: Schedule, buffers: readonly Buffer[], runs: readonly Run[]): readonly Occupant[] =>
  buffers.map(({ from, to, name }) => {
    const written = runs.find(({ layers }) => layers.at(-1) === name);
    if (written !== undefined) return { name, scratch: false, channelwise: schedule.stored(name).channelwise, region: written.writes, from, to };
    const { name: step, scratch } = runs[from]!;
    return { name: step, scratch: true, channelwise: false, region: scratch!, from, to };
  });

/** Layer names never contain a space. */
export const scratchName = (index: number): string => `scratch ${index}`;
