import { type Layer, type LayerId, layerOf, type Network } from "../ir/network.js";
import { type Cost, elementBytes, type Occupant, type Plan, type Region, type Run } from "../ir/plan.js";
import type { Target } from "../ir/target.js";
import { sizeOf } from "../ir/types.js";
import type { Bid } from "./cover.js";
import { entryCost, sumCosts } from "./cost.js";
import { valuesOf } from "./jobs.js";
import { type Buffer, place, type Placement } from "./place.js";

/** Sums are in every arena. */
const arenaAlignment = elementBytes.i32;

/**
 * Turns bids that run every layer once into a plan: steps in order, their values placed in one arena, the cost of it
 * all. `alternatives` are all bids by the first layer's place.
 */
export function layOut(network: Network, target: Target, entry: string, bids: readonly Bid[], alternatives: readonly (readonly Bid[])[]): Plan {
  const buffers = buffersOf(network, bids);
  const placed = place(buffers);
  const placement = { ...placed, bytes: Math.ceil(placed.bytes / arenaAlignment) * arenaAlignment };
  const called = new Set<string>();
  let first = 0;
  const steps = bids.map((bid, index): Run => {
    const others = alternatives[first]!.filter((other) => other !== bid);
    const rejected = others.map(({ kernel, offer }) => ({ kernel: kernel.name, cost: offer.cost }));
    first += bid.layers.length;
    const { routine } = bid.offer;
    const cost = routine === undefined || called.has(routine.name) ? bid.offer.cost : withRoutine(bid.offer.cost, routine.code);
    if (routine !== undefined) called.add(routine.name);
    return { ...runOf(network, bid, index, placement), cost, rejected };
  });
  const input = sizeOf(network.layers[0]!.type.shape);
  const classes = sizeOf(layerOf(network, network.result).type.shape);
  const cost = sumCosts(entryCost(classes), steps.map((step) => step.cost), input + placement.bytes);
  return { network, target, entry, steps, arenaBytes: placement.bytes, occupants: occupantsOf(buffers, steps), cost };
}

/** Buffers come in the order of their steps, a step's value before its scratch space. */
const occupantsOf = (buffers: readonly Buffer[], steps: readonly Run[]): readonly Occupant[] =>
  buffers.map(({ from, to, name }) => {
    const { writes, scratch, name: step } = steps[from]!;
    const isScratch = name === scratchName(from);
    return { name: isScratch ? step : name, scratch: isScratch, region: isScratch ? scratch! : writes, from, to };
  });

const withRoutine = (cost: Cost, code: number): Cost => ({ ...cost, flash: { ...cost.flash, code: cost.flash.code + code } });

function runOf(network: Network, { kernel, layers, offer }: Bid, index: number, { offsets }: Placement): Omit<Run, "cost" | "rejected"> {
  const source = valuesOf(network, layerOf(network, layers[0]!).inputs[0]!);
  const result = layers.at(-1)!;
  const name = layers.join("_");
  const scratch = offsets.get(scratchName(index));
  return {
    kind: "run",
    name,
    routine: offer.routine === undefined ? name : sharedName(network, offer.routine.name),
    arguments: offer.routine?.arguments ?? [],
    kernel: kernel.name,
    facts: offer.facts,
    layers,
    reads: regionOf(network, layerOf(network, source), offsets.get(source)),
    writes: regionOf(network, layerOf(network, result), offsets.get(result)),
    ...(scratch === undefined ? {} : { scratch: { memory: "arena", offset: scratch, element: "i32", count: offer.cost.ram.static / 4 } }),
  };
}

/** A shared routine's name, made different from all layers'. */
const sharedName = (network: Network, name: string): string =>
  network.layers.some(({ id }) => id === name) ? sharedName(network, `${name}_all`) : name;

/** A value without an offset is the caller's input. */
function regionOf(network: Network, { id, type }: Layer, offset: number | undefined): Region {
  const place = { element: type.element, count: sizeOf(type.shape) };
  if (offset === undefined) return { memory: "input", offset: 0, ...place };
  return { memory: id === valuesOf(network, network.result) ? "logits" : "arena", offset, ...place };
}

/** Every value that a step writes, and every step's scratch space, with the steps during which it needs its bytes. */
function buffersOf(network: Network, bids: readonly Bid[]): readonly Buffer[] {
  const result = valuesOf(network, network.result);
  const sourceOf = ({ layers }: Bid): LayerId => valuesOf(network, layerOf(network, layers[0]!).inputs[0]!);
  const sources = bids.map(sourceOf);
  return bids.flatMap((bid, index): readonly Buffer[] => {
    const { id, type } = layerOf(network, bid.layers.at(-1)!);
    const alignment = elementBytes[type.element];
    const lastRead = id === result ? bids.length : sources.lastIndexOf(id);
    const overlays = bid.offer.overlays === true && sources[index] !== network.layers[0]!.id ? { overlays: sources[index]! } : {};
    const value = { name: id, bytes: alignment * sizeOf(type.shape), alignment, from: index, to: lastRead, ...overlays };
    const scratch = bid.offer.cost.ram.static;
    return scratch === 0 ? [value] : [value, { name: scratchName(index), bytes: scratch, alignment: 4, from: index, to: index }];
  });
}

/** Layer names never contain a space. */
const scratchName = (index: number): string => `scratch ${index}`;
