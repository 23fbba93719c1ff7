import { inputRange, type Network } from "#compiler/ir/network.js";
import type { Range } from "#compiler/ir/types.js";
import { type Random, random } from "#compiler/random.js";
import type { Firmware } from "./build.js";
import { powerUp, type Samples } from "./simulate.js";

/** The slowest input that a search met: others may be slower still. */
export interface Slowest {
  readonly input: Int8Array;
  readonly cycles: number;
  /** How many inputs were tried. */
  readonly tried: number;
}

/** Enough to find what a net of a few kilobytes minds most, in seconds. */
export const usualTries = 200;

/** Size of the population: how many of the slowest inputs are mutated further. */
const breadth = 3;

/**
 * Hill climbing from the slowest samples and from inputs of extreme values: parts of an input are replaced, and what takes at
 * least as long is kept. The same firmware, samples and number of tries give the same answer.
 */
export function searchSlowest(
  firmware: Firmware,
  { inputs, count }: Samples,
  cycles: readonly number[],
  tries: number,
  report: (done: number) => void = () => undefined,
): Slowest {
  const { infer } = powerUp(firmware);
  const size = inputs.length / count;
  const timed = (input: Int8Array): Timed => ({ input, cycles: infer(input).cycles });
  const samples = cycles.map((spent, i): Timed => ({ input: inputs.slice(i * size, (i + 1) * size), cycles: spent }));
  let best = slowestOf(samples);
  const source = random("slowest", size);
  const range = inputRange(firmware.plan.network);
  const starts = extremes(size, range).slice(0, tries);
  for (let tried = 0; tried < tries; tried++) {
    const input = starts[tried] ?? changed(best[source.below(best.length)]!.input, source, range);
    best = slowestOf([timed(input), ...best]);
    report(tried + 1);
  }
  return { ...best[0]!, tried: tries };
}

/** Inputs as the search meets them, one after the other: extreme ones first, then samples with parts replaced. */
export function hardInputs({ inputs, count }: Samples, wanted: number, network: Network): Samples {
  const range = inputRange(network);
  const size = inputs.length / count;
  const source = random("hard", size);
  const sampleAt = (index: number): Int8Array => inputs.subarray(index * size, (index + 1) * size);
  const some = [
    ...extremes(size, range),
    ...Array.from({ length: wanted }, () => changed(sampleAt(source.below(count)), source, range)),
  ].slice(0, wanted);
  return { inputs: Int8Array.from(some.flatMap((input) => [...input])), count: wanted };
}

type Timed = Pick<Slowest, "input" | "cycles">;

/** Among equals, what came last: so a plateau is crossed. */
const slowestOf = (some: readonly Timed[]): Timed[] => some.toSorted((a, b) => b.cycles - a.cycles).slice(0, breadth);

/** The nearest value that an input has. */
const within = (value: number, { low, high }: Range): number => Math.max(low, Math.min(high, value));

const notable = [-128, -127, -64, -1, 0, 1, 64, 85, 126, 127] as const;

/** All of one value, all but the first, every other one, and a ramp. */
function extremes(size: number, range: Range): readonly Int8Array[] {
  const made = (value: (index: number) => number): Int8Array =>
    Int8Array.from({ length: size }, (_, i) => within(((value(i) + 128) & 255) - 128, range));
  const pairs = [
    [-128, 127],
    [127, -128],
    [0, 127],
    [-128, -1],
    [0, -128],
  ] as const;
  return [
    ...[127, -128, 0, -1, 85].map((value) => made(() => value)),
    ...pairs.flatMap(([one, other]) => [made((i) => (i === 0 ? one : other)), made((i) => (i % 2 === 0 ? one : other))]),
    made((i) => i),
  ];
}

/** A mutation: one stretch, or some values anywhere, replaced by one notable value or by noise. */
function changed(input: Int8Array, source: Random, range: Range): Int8Array {
  const copy = input.slice();
  const reach = Math.ceil(input.length / 2 ** (1 + source.below(8)));
  const value = source.below(2) === 0 ? notable[source.below(notable.length)] : undefined;
  const first = source.below(input.length);
  const scattered = source.below(2) === 0;
  for (let i = 0; i < reach; i++) {
    const place = scattered ? source.below(input.length) : (first + i) % input.length;
    copy[place] = value === undefined ? range.low + source.below(range.high - range.low + 1) : within(value, range);
  }
  return copy;
}
