import { type LayerId, layerOf } from "../ir/network.js";
import { elementBytes, type Occupant, type Run } from "../ir/plan.js";
import { sizeOf } from "../ir/types.js";
import { type Bid, loopOf } from "./cover.js";
import { valuesOf } from "./jobs.js";
import type { Buffer } from "./place.js";
import type { Schedule } from "./schedule.js";

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
    const overlays = offer.overlays === true && staysBehind(schedule, bids[index]!);
    const overlaid = overlays ? overlaidBy(schedule, sources[index]!) : undefined;
    const inInput = overlays && takesInput(schedule, sources, index, bytes) && element === "i8" && id !== result;
    const value = {
      name: id,
      bytes,
      alignment: elementBytes[element],
      from,
      to,
      ...(overlaid === undefined ? {} : { overlays: overlaid }),
    };
    const values = inInput ? [] : [value];
    const scratch = offer.cost.ram.static;
    return scratch === 0 ? values : [...values, { name: scratchName(index), bytes: scratch, alignment: 4, from: index, to: index }];
  });
}

/** The first and the last step of the loop that a step is in; the step itself, when it is in none. */
function loopAround(schedule: Schedule, bids: readonly Bid[], bid: Bid): { readonly first: number; readonly last: number } {
  const section = loopOf(schedule, bid);
  if (section === undefined) return { first: bids.indexOf(bid), last: bids.indexOf(bid) };
  return {
    first: bids.findIndex((other) => loopOf(schedule, other) === section),
    last: bids.findLastIndex((other) => loopOf(schedule, other) === section),
  };
}

/** What a step that goes forward may write over: the value it reads, unless that is the caller's. */
function overlaidBy({ network }: Schedule, read: readonly LayerId[]): LayerId | undefined {
  return read.length === 1 && read[0] !== network.layers[0]!.id ? read[0] : undefined;
}

/**
 * Whether no round of a loop writes over what a later one reads, when the step's output starts at its input or before: each has its
 * own part of the input, and makes no more bytes than it has. What lives through one round is made anew in the next.
 */
function staysBehind(schedule: Schedule, bid: Bid): boolean {
  const { network, stored, stride } = schedule;
  const section = loopOf(schedule, bid);
  const reader = layerOf(network, bid.layers[0]!);
  const source = valuesOf(network, reader.inputs[0]!);
  if (section === undefined || section.channels === 1 || stored(source).channelwise) return true;
  const part = stride(source, reader);
  const made = stored(bid.layers.at(-1)!);
  const bytesOfRound = made.channelwise ? made.bytes : made.bytes / section.channels;
  return part?.every === 1 && bytesOfRound <= part.elements * elementBytes[stored(source).element];
}

/** Whether a step may write over the caller's input: where that is allowed, it alone reads it, and there is room. */
function takesInput({ network, circumstances }: Schedule, sources: readonly (readonly LayerId[])[], index: number, bytes: number): boolean {
  const input = network.layers[0]!;
  const readers = sources.flatMap((read, step) => read.filter((id) => id === input.id).map(() => step));
  return circumstances.input === "overwritten" && readers.length === 1 && readers[0] === index && bytes <= sizeOf(input.type.shape);
}

/** Buffers come in the order of their steps, a step's value before its scratch space. */
export const occupantsOf = (schedule: Schedule, buffers: readonly Buffer[], runs: readonly Run[]): readonly Occupant[] =>
  buffers.map(({ from, to, name }) => {
    const written = runs.find(({ layers }) => layers.at(-1) === name);
    if (written !== undefined)
      return {
        name,
        scratch: false,
        channelwise: schedule.stored(name).channelwise,
        range: schedule.range(name),
        region: written.writes,
        from,
        to,
      };
    const { name: step, scratch } = runs[from]!;
    return { name: step, scratch: true, channelwise: false, region: scratch!, from, to };
  });

/** Layer names never contain a space. */
export const scratchName = (index: number): string => `scratch ${index}`;
