import { functionNames } from "#compiler/emit/emit.js";
import { nibblesOf, perWord } from "#compiler/kernels/nibbles.js";
import { type LayerId, layerOf } from "#compiler/ir/network.js";
import { elementBytes, functionOf, type Plan, type Run, runsOf } from "#compiler/ir/plan.js";
import type { Range } from "#compiler/ir/types.js";
import { valuesOf } from "#compiler/plan/jobs.js";
import { rangeOf } from "#compiler/plan/storage.js";
import { valueBounds } from "#compiler/plan/value-bounds.js";
import type { Firmware } from "./build.js";
import { type FlowRecorder, recordFlow } from "./flow-graph.js";
import { longestPath } from "./longest-path.js";
import { symbolAddress } from "../simulator/index.js";
import { demoSymbols, powerUp, type Running, type Samples } from "./simulate.js";
import { callOrder } from "./steps.js";

/**
 * A hybrid estimate of the worst-case execution time (WCET), by measurement and path analysis (R. Wilhelm et al., ACM TECS 7
 * (2008), article 36): the longest path through the code that ran, where every basic block takes as long and runs as often as it
 * ever did in one inference, those of the slowest samples and of the slowest input found included, and some where every step
 * works on extreme values that no input may lead to. Slow moments add up, whether or not they can come together.
 */
export function cycleBound(firmware: Firmware, { inputs, count }: Samples, simulated: readonly number[], slowest: Int8Array): number {
  const size = inputs.length / count;
  const places = simulated.map((_, place) => place).sort((a, b) => simulated[b]! - simulated[a]!);
  const samples = places.slice(0, slowestSamples).map((place) => inputs.subarray(place * size, (place + 1) * size));
  const flow = recordFlow();
  trace(firmware, [slowest, ...samples], flow);
  return longestPath(flow.graph());
}

/** Others add little. */
const slowestSamples = 10;

/** Inferences of all inputs as they are, then of the first one with extreme values before each step. */
function trace(firmware: Firmware, inputs: readonly Int8Array[], flow: FlowRecorder): void {
  const { plan } = firmware;
  const order = callOrder(plan.steps);
  let pattern: Pattern | undefined;
  let [waiting, depth] = [order, 1];
  // Start-up code is not part of an inference.
  let running: Running | undefined;
  const started = powerUp(firmware, {
    onJump: (from, to, cycles) => {
      if (running === undefined) return;
      const { machine } = running;
      const isCall = machine.depth() > depth;
      depth = machine.depth();
      flow.jump(from, to, depth, cycles);
      const routine = isCall && pattern !== undefined ? routines.get(to >>> 0) : undefined;
      if (routine === undefined) return;
      // A function that was inlined is not called.
      const called = waiting.findIndex((run) => functionOf(run) === routine);
      const run = waiting[called]!;
      waiting = waiting.slice(called + 1);
      const base = symbolAddress(machine.image, demoSymbols[run.reads.memory]);
      if (base !== undefined && run.reads.stride === undefined) machine.write(base + run.reads.offset, extremes(plan, run, pattern!));
    },
  });
  const routines = routinesIn(firmware, started);
  const infer = (input: Int8Array): void => {
    running = started;
    [waiting, depth] = [order, 1];
    flow.begin(started.machine.cycles());
    started.infer(input);
    flow.end(started.machine.cycles());
  };
  for (const input of inputs) infer(input);
  for (pattern of patterns) infer(inputs[0]!);
}

/** The steps' functions by their addresses. GCC marks the copies that it makes of functions with a dot. */
function routinesIn({ plan }: Firmware, { machine }: Running): ReadonlyMap<number, string> {
  const byName = new Map([...functionNames(plan).steps].map(([id, name]) => [name, id]));
  return new Map(
    machine.image.symbols.flatMap(({ name, address }) => {
      const routine = byName.get(name.split(".")[0]!);
      return routine === undefined ? [] : [[address >>> 0, routine] as const];
    }),
  );
}

/** Values of a step's input: the first, the last, and by their places those between. */
interface Pattern {
  readonly first: (range: Range) => number;
  readonly last: (range: Range) => number;
  readonly between: (range: Range, place: number) => number;
}

const low = ({ low }: Range): number => low;
const aboveLow = ({ low }: Range): number => low + 1;
const high = ({ high }: Range): number => high;
/** Values with many set bits, or many signed digits, above the least value: slow in kernels that go by bit planes. */
const many = ({ low, high }: Range): number => Math.min(high, low + 85);

/**
 * Kernels leave out what equals the first value, begin again when a smaller one comes, and take some values less that
 * have few digits.
 */
const patterns: readonly Pattern[] = [
  { first: low, between: high, last: high },
  { first: low, between: many, last: many },
  { first: aboveLow, between: high, last: low },
  { first: aboveLow, between: many, last: low },
  { first: high, between: high, last: high },
  { first: high, between: low, last: low },
  { first: low, between: low, last: low },
  { first: low, between: (range, place) => (place % 2 === 0 ? range.low : range.high), last: low },
];

/** The proved interval of the tensor that a step reads; a tensor that overlays the caller's input has no allocation. */
function rangeRead(plan: Plan, run: Run): Range {
  const { network, allocations, steps } = plan;
  const place = runsOf(steps).indexOf(run);
  const { memory, offset } = run.reads;
  const value = allocations.find(
    ({ scratch, region, from, to }) => !scratch && region.memory === memory && region.offset === offset && from <= place && place <= to,
  );
  return value?.range ?? rangeOf(valueBounds(network).get(sourceOf(plan, run))!);
}

/** What a step reads, of extreme values; nibbles that pad a pixel are zero, whatever the values are. */
function extremes(plan: Plan, run: Run, { first, between, last }: Pattern): Uint8Array {
  const { element, count } = run.reads;
  const range = rangeRead(plan, run);
  const { channels, words } = nibblesOf(layerOf(plan.network, sourceOf(plan, run)).type.shape);
  const isPadding = (place: number): boolean => element === "u4" && place % (words * perWord) >= channels;
  const bytes = new Uint8Array(elementBytes[element] * count);
  const view = new DataView(bytes.buffer);
  for (let place = 0; place < count; place++) {
    if (isPadding(place)) continue;
    stores[element](view, place, place === 0 ? first(range) : place === count - 1 ? last(range) : between(range, place));
  }
  return bytes;
}

/** The layer whose output a step reads. */
const sourceOf = ({ network }: Plan, { layers }: Run): LayerId => valuesOf(network, layerOf(network, layers[0]!).inputs[0]!);

const stores = {
  u4: (view, place, value) => view.setUint8(place >> 1, view.getUint8(place >> 1) | (value << (place % 2 === 0 ? 0 : 4))),
  i8: (view, place, value) => view.setInt8(place, value),
  i16: (view, place, value) => view.setInt16(2 * place, value, true),
  u16: (view, place, value) => view.setUint16(2 * place, value, true),
  i32: (view, place, value) => view.setInt32(4 * place, value, true),
} as const satisfies Record<string, (view: DataView, place: number, value: number) => void>;
