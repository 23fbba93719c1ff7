import { type LayerId, layerOf } from "../ir/network.js";
import { elementBytes, type Allocation, type Run, unitBytes } from "../ir/plan.js";
import { sizeOf } from "../ir/types.js";
import { type Bid, loopOf } from "./bidding.js";
import { valuesOf } from "./jobs.js";
import type { Buffer } from "./place.js";
import type { Lowered } from "./lower.js";

/** The buffers that the arena has to hold, with their live ranges: each tensor that a step writes, and each step's scratch space. */
export function buffersOf(lowered: Lowered, bids: readonly Bid[]): readonly Buffer[] {
  const { network } = lowered;
  const result = valuesOf(network, network.result);
  const spans = bids.map((bid) => loopAround(lowered, bids, bid));
  const sources = bids.map(({ layers }) => layerOf(network, layers[0]!).inputs.map((id) => valuesOf(network, id)));
  return bids.flatMap(({ layers, offer, writes, unpacked }, index): readonly Buffer[] => {
    const id = layers.at(-1)!;
    const { element, bytes, channelwise } = writes;
    const lastReader = sources.findLastIndex((read) => read.includes(id));
    // A buffer of one channel is live within an iteration of the loop, a tensor of all channels during the whole loop.
    const from = channelwise ? index : spans[index]!.first;
    const to = id === result ? bids.length : channelwise ? lastReader : spans[lastReader]!.last;
    const overlays = offer.overlays === true && staysBehind(lowered, bids[index]!);
    const overlaid = overlays ? overlaidBy(lowered, sources[index]!) : undefined;
    const inInput = overlays && takesInput(lowered, sources, index, bytes) && element === "i8" && id !== result;
    const value = {
      name: id,
      bytes,
      alignment: unitBytes[element],
      from,
      to,
      ...(overlaid === undefined ? {} : { overlays: overlaid }),
    };
    const scratch = offer.cost.ram.static;
    const during = { from: index, to: index };
    return [
      ...(inInput ? [] : [value]),
      ...(scratch === 0 ? [] : [{ name: scratchName(index), bytes: scratch, alignment: 4, ...during }]),
      ...(unpacked === undefined ? [] : [{ name: copyName(index), bytes: unpacked.bytes, alignment: 1, ...during }]),
    ];
  });
}

/** The first and the last step of the loop that a step is in; the step itself, when it is in none. */
function loopAround(lowered: Lowered, bids: readonly Bid[], bid: Bid): { readonly first: number; readonly last: number } {
  const chain = loopOf(lowered, bid);
  if (chain === undefined) return { first: bids.indexOf(bid), last: bids.indexOf(bid) };
  return {
    first: bids.findIndex((other) => loopOf(lowered, other) === chain),
    last: bids.findLastIndex((other) => loopOf(lowered, other) === chain),
  };
}

/** The tensor that a step may overwrite in place: the one it reads, unless it is the caller's input. */
function overlaidBy({ network }: Lowered, read: readonly LayerId[]): LayerId | undefined {
  return read.length === 1 && read[0] !== network.layers[0]!.id ? read[0] : undefined;
}

/**
 * Whether a step in a loop may run in place: no iteration overwrites what a later one reads, since each has its own slice of the
 * input and writes no more bytes than that. Buffers of one channel are made anew in each iteration.
 */
function staysBehind(lowered: Lowered, bid: Bid): boolean {
  const { network, stored, stride } = lowered;
  const chain = loopOf(lowered, bid);
  const reader = layerOf(network, bid.layers[0]!);
  const source = valuesOf(network, reader.inputs[0]!);
  if (chain === undefined || chain.channels === 1 || stored(source).channelwise) return true;
  const part = stride(source, reader);
  const made = stored(bid.layers.at(-1)!);
  const bytesOfRound = made.channelwise ? made.bytes : made.bytes / chain.channels;
  return part?.every === 1 && bytesOfRound <= part.elements * elementBytes[stored(source).element];
}

/** Whether a step may overwrite the caller's input: where the deployment allows it, no other step reads it, and the output fits. */
function takesInput({ network, circumstances }: Lowered, sources: readonly (readonly LayerId[])[], index: number, bytes: number): boolean {
  const input = network.layers[0]!;
  const readers = sources.flatMap((read, step) => read.filter((id) => id === input.id).map(() => step));
  return circumstances.input === "overwritten" && readers.length === 1 && readers[0] === index && bytes <= sizeOf(input.type.shape);
}

/** The memory plan of placed buffers, which come in the order of their steps, a step's tensor before its scratch space. */
export const allocationsOf = (lowered: Lowered, buffers: readonly Buffer[], runs: readonly Run[]): readonly Allocation[] =>
  buffers.map(({ from, to, name }) => {
    const written = runs.find(({ layers }) => layers.at(-1) === name);
    if (written !== undefined)
      return {
        name,
        scratch: false,
        channelwise: lowered.stored(name).channelwise,
        range: lowered.range(name),
        region: written.writes,
        from,
        to,
      };
    const { name: step, scratch, unpacked } = runs[from]!;
    return { name: step, scratch: true, channelwise: false, region: name === copyName(from) ? unpacked!.region : scratch!, from, to };
  });

/** Layer names never contain a space. */
export const scratchName = (index: number): string => `scratch ${index}`;

/** The copy of a step's nibbles in bytes. */
export const copyName = (index: number): string => `copy ${index}`;
