import { catalog } from "../catalog/index.js";
import { borrowedBy } from "../kernels/borrowed.js";
import { functionsOf, type Kernel, type Offer, routinesOf } from "../kernels/contract.js";
import { type LayerId, layerOf, type Layer, type Network } from "../ir/network.js";
import { type Cost, elementBytes, type Plan, type Region, type Run, type Step } from "../ir/plan.js";
import { ramCodeOf, reachedBy } from "../ir/routine.js";
import { nibblesOf } from "../kernels/nibbles.js";
import type { Target } from "../ir/target.js";
import { sizeOf } from "../ir/types.js";
import { buffersOf, allocationsOf, copyName, scratchName } from "./buffers.js";
import { type Bid, type Bids, loopOf } from "./bidding.js";
import { entryCost, sumCosts } from "./cost.js";
import { valuesOf } from "./jobs.js";
import { place, type Placement } from "./place.js";
import type { DepthwiseChain, Lowered } from "./lower.js";
import type { Stored } from "./storage.js";

/** Every arena holds i32 accumulators. */
const arenaAlignment = elementBytes.i32;

/** Steps that fuse more layers are named by the first and the last. */
const mostNamed = 4;

/** What is to be planned. */
export interface Order {
  readonly network: Network;
  readonly target: Target;
  readonly entry: string;
}

/**
 * Turns a cover into a plan: steps in order, their tensors placed in one arena, the total cost. `alternatives` are all bids
 * by the first layer's place.
 */
export function layOut({ network, target, entry }: Order, lowered: Lowered, bids: readonly Bid[], alternatives: Bids): Plan {
  const buffers = buffersOf(lowered, bids);
  const placed = place(buffers);
  const placement = { ...placed, bytes: Math.ceil(placed.bytes / arenaAlignment) * arenaAlignment };
  const called = new Set<string>();
  let from = 0;
  const runs = bids.map((bid, index): Run => {
    const others = alternatives[from]!.filter((other) => other !== bid && other.layers.length === bid.layers.length);
    const rejected = others.map(({ kernel, offer, measured }) => ({ ...kernelOf(kernel, offer), cost: offer.cost, measured }));
    from = bid.next;
    const added = functionsOf(bid.offer).filter(({ key }) => !called.has(key));
    for (const { key } of added) called.add(key);
    const cost = added.reduce((sum, { code }) => withCode(sum, code), bid.offer.cost);
    return { ...runOf(lowered, bid, index, placement), cost, measured: bid.measured, rejected };
  });
  const routines = reachedBy(bids.flatMap(({ offer }) => routinesOf(offer)));
  const borrowed = [...new Set(bids.flatMap(({ offer }) => borrowedBy(offer, target)))].sort();
  const input = sizeOf(network.layers[0]!.type.shape);
  const classes = sizeOf(layerOf(network, network.result).type.shape);
  const cost = sumCosts(
    entryCost(target, classes, runs.length),
    runs.map((run) => run.cost),
    input + placement.bytes + ramCodeOf(routines),
  );
  const allocations = allocationsOf(lowered, buffers, runs);
  const steps = stepsOf(
    runs,
    bids.map((bid) => loopOf(lowered, bid)),
  );
  return { network, target, entry, steps, routines, borrowed, arenaBytes: placement.bytes, allocations, cost, measured: false };
}

/** Steps in order, with the channelwise runs of one depthwise chain in a loop. */
function stepsOf(runs: readonly Run[], loops: readonly (DepthwiseChain | undefined)[]): readonly Step[] {
  const steps: Step[] = [];
  let before: DepthwiseChain | undefined;
  for (const [index, run] of runs.entries()) {
    const chain = loops[index];
    const last = steps.at(-1);
    if (chain === undefined) steps.push(run);
    else if (chain === before && last?.kind === "each-channel") steps[steps.length - 1] = { ...last, body: [...last.body, run] };
    else steps.push({ kind: "each-channel", count: chain.channels, body: [run] });
    before = chain;
  }
  return steps;
}

const withCode = (cost: Cost, code: number): Cost => ({ ...cost, flash: { ...cost.flash, code: cost.flash.code + code } });

function runOf(lowered: Lowered, bid: Bid, index: number, { offsets }: Placement): Omit<Run, "cost" | "measured" | "rejected"> {
  const { network } = lowered;
  const { kernel, layers, offer } = bid;
  const looped = loopOf(lowered, bid) !== undefined;
  const first = layerOf(network, layers[0]!);
  const name = nameOf(network, layers);
  const scratch = offsets.get(scratchName(index));
  const copy = offsets.get(copyName(index));
  const [reads, ...extraInputs] = first.inputs.map((id, at) => {
    const source = valuesOf(network, id);
    return regionOf(lowered, source, at === 0 ? bid.reads : lowered.stored(source), offsets, looped, first);
  });
  return {
    kind: "run",
    name,
    ...(offer.shared === undefined ? {} : { shared: offer.shared.routine }),
    arguments: offer.shared?.arguments ?? [],
    ...kernelOf(kernel, offer),
    context: offer.context,
    calls: offer.calls ?? {},
    layers,
    reads: reads!,
    extraInputs,
    writes: regionOf(lowered, layers.at(-1)!, bid.writes, offsets, looped),
    ...(scratch === undefined ? {} : { scratch: { memory: "arena", offset: scratch, element: "i32", count: offer.cost.ram.static / 4 } }),
    ...(copy === undefined ? {} : { unpacked: unpackedOf(lowered, bid, copy) }),
    ...(offer.row === undefined ? {} : { row: offer.row }),
  };
}

/** Where a step has its nibbles as bytes. */
function unpackedOf({ network }: Lowered, { layers, unpacked }: Bid, offset: number): NonNullable<Run["unpacked"]> {
  const { pixels, channels } = nibblesOf(layerOf(network, valuesOf(network, layerOf(network, layers[0]!).inputs[0]!)).type.shape);
  return { region: { memory: "arena", offset, element: "i8", count: unpacked!.count }, pixels, channels };
}

/** Layers joined; a bias is told of only where it is all that there is. */
function nameOf(network: Network, layers: readonly LayerId[]): string {
  const written = layers.filter((id) => catalog.layers[layerOf(network, id).op]!.implied !== true);
  const told = written.length === 0 ? layers : written;
  return told.length > mostNamed ? `${told[0]!}_to_${told.at(-1)!}` : told.join("_");
}

const kernelOf = ({ name }: Kernel, { variant }: Offer): Pick<Run, "kernel" | "variant"> => ({
  kernel: name,
  ...(variant === undefined ? {} : { variant }),
});

/** Where `reader` reads a tensor, or where it is written when there is no reader. A tensor without an offset is the caller's input. */
function regionOf(
  { network, stride }: Lowered,
  id: LayerId,
  { element, count }: Stored,
  offsets: ReadonlyMap<string, number>,
  looped: boolean,
  reader?: Layer,
): Region {
  const moves = looped ? stride(id, reader) : undefined;
  const offset = offsets.get(id);
  const memory = offset === undefined ? "input" : id === valuesOf(network, network.result) ? "logits" : "arena";
  return { memory, offset: offset ?? 0, element, count, ...(moves === undefined ? {} : { stride: moves }) };
}
