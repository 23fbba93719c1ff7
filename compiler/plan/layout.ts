import { type LayerId, layerOf, type Layer, type Network } from "../ir/network.js";
import { type Cost, elementBytes, type Plan, type Region, type Run, type Step } from "../ir/plan.js";
import type { Target } from "../ir/target.js";
import { sizeOf } from "../ir/types.js";
import { buffersOf, occupantsOf, scratchName } from "./buffers.js";
import type { Bid } from "./cover.js";
import { entryCost, sumCosts } from "./cost.js";
import { valuesOf } from "./jobs.js";
import { place, type Placement } from "./place.js";
import type { Schedule } from "./schedule.js";

/** Sums are in every arena. */
const arenaAlignment = elementBytes.i32;

/** What a plan is of. */
export interface Order {
  readonly network: Network;
  readonly target: Target;
  readonly entry: string;
}

/**
 * Turns bids that run every layer once into a plan: steps in order, their values placed in one arena, the cost of it
 * all. `alternatives` are all bids by the first layer's place.
 */
export function layOut({ network, target, entry }: Order, schedule: Schedule, bids: readonly Bid[], alternatives: readonly (readonly Bid[])[]): Plan {
  const buffers = buffersOf(schedule, bids);
  const placed = place(buffers);
  const placement = { ...placed, bytes: Math.ceil(placed.bytes / arenaAlignment) * arenaAlignment };
  const called = new Set<string>();
  let first = 0;
  const runs = bids.map((bid, index): Run => {
    const others = alternatives[first]!.filter((other) => other !== bid && other.layers.length === bid.layers.length);
    const rejected = others.map(({ kernel, offer }) => ({ kernel: kernel.name, cost: offer.cost }));
    first += bid.layers.length;
    const { routine } = bid.offer;
    const cost = routine === undefined || called.has(routine.name) ? bid.offer.cost : withRoutine(bid.offer.cost, routine.code);
    if (routine !== undefined) called.add(routine.name);
    return { ...runOf(schedule, bid, index, placement), cost, rejected };
  });
  const input = sizeOf(network.layers[0]!.type.shape);
  const classes = sizeOf(layerOf(network, network.result).type.shape);
  const cost = sumCosts(entryCost(classes), runs.map((run) => run.cost), input + placement.bytes);
  const occupants = occupantsOf(schedule, buffers, runs);
  return { network, target, entry, steps: stepsOf(schedule, runs), arenaBytes: placement.bytes, occupants, cost };
}

/** Runs of one section in a loop. */
function stepsOf({ sectionOf }: Schedule, runs: readonly Run[]): readonly Step[] {
  const steps: Step[] = [];
  let before: ReturnType<Schedule["sectionOf"]>;
  for (const run of runs) {
    const section = sectionOf(run.layers[0]!);
    const last = steps.at(-1);
    if (section === undefined) steps.push(run);
    else if (section === before && last?.kind === "each-channel") steps[steps.length - 1] = { ...last, body: [...last.body, run] };
    else steps.push({ kind: "each-channel", count: section.channels, body: [run] });
    before = section;
  }
  return steps;
}

const withRoutine = (cost: Cost, code: number): Cost => ({ ...cost, flash: { ...cost.flash, code: cost.flash.code + code } });

function runOf(schedule: Schedule, { kernel, layers, offer }: Bid, index: number, { offsets }: Placement): Omit<Run, "cost" | "rejected"> {
  const { network } = schedule;
  const first = layerOf(network, layers[0]!);
  const name = layers.join("_");
  const scratch = offsets.get(scratchName(index));
  const [reads, ...joins] = first.inputs.map((id) => regionOf(schedule, valuesOf(network, id), offsets, first));
  return {
    kind: "run",
    name,
    routine: offer.routine === undefined ? name : sharedName(network, offer.routine.name),
    arguments: offer.routine?.arguments ?? [],
    kernel: kernel.name,
    facts: offer.facts,
    layers,
    reads: reads!,
    joins,
    writes: regionOf(schedule, layers.at(-1)!, offsets),
    ...(scratch === undefined ? {} : { scratch: { memory: "arena", offset: scratch, element: "i32", count: offer.cost.ram.static / 4 } }),
    ...(offer.row === undefined ? {} : { row: offer.row }),
  };
}

/** A shared routine's name, made different from all layers'. */
const sharedName = (network: Network, name: string): string =>
  network.layers.some(({ id }) => id === name) ? sharedName(network, `${name}_all`) : name;

/** Where a step reads a value, or writes it when there is no reader. A value without an offset is the caller's input. */
function regionOf(schedule: Schedule, id: LayerId, offsets: ReadonlyMap<string, number>, reader?: Layer): Region {
  const { network, stored, sectionOf, walk } = schedule;
  const { element, count } = stored(id);
  const moves = sectionOf(reader?.id ?? id) === undefined ? undefined : walk(id, reader);
  const offset = offsets.get(id);
  const memory = offset === undefined ? "input" : id === valuesOf(network, network.result) ? "logits" : "arena";
  return { memory, offset: offset ?? 0, element, count, ...(moves === undefined ? {} : { walk: moves }) };
}
