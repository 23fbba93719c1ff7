import { permutation, random, type Random } from "../../random.js";
import { sizeOf } from "../../ir/types.js";
import { type Samples, sharedRoom } from "../samples.js";

/** The samples at some positions, in the order of the positions; of recordings, whole stretches are to be selected. */
export function selectSamples(samples: Samples, positions: readonly number[]): Samples {
  const size = sizeOf(samples.shape);
  const { recordings, groups } = samples;
  const selected = (of: Uint32Array): Uint32Array => Uint32Array.from(positions, (position) => of[position]!);
  const values = sharedRoom(samples.values, positions.length * size);
  positions.forEach((position, i) => values.set(samples.values.subarray(position * size, (position + 1) * size), i * size));
  return {
    shape: samples.shape,
    count: positions.length,
    values,
    labels: Uint8Array.from(positions, (position) => samples.labels[position]!),
    ...(recordings && { recordings: selected(recordings) }),
    ...(groups && { groups: Object.fromEntries(Object.entries(groups).map(([name, of]) => [name, selected(of)])) }),
  };
}

/** Runs of equal numbers, from `start` to before `end`. */
export function stretchesOf(numbers: Uint32Array): readonly { readonly start: number; readonly end: number }[] {
  const starts = [...numbers.keys()].filter((i) => i === 0 || numbers[i] !== numbers[i - 1]);
  return starts.map((start, i) => ({ start, end: starts[i + 1] ?? numbers.length }));
}

/**
 * A stratified split: samples go into sets of the given sizes, each with the classes in the proportions of the whole;
 * reproducible by key. Each set keeps the order of the samples; what is left over is dropped.
 */
export function dealSamples(samples: Samples, sizes: readonly number[], ...key: readonly (number | string)[]): readonly Samples[] {
  const order = spreadClasses(samples.labels, random(...key));
  // Frames that are dealt one by one are no longer in the order of time.
  const { recordings: _, ...single } = samples;
  let dealt = 0;
  return sizes.map((size) =>
    selectSamples(
      single,
      [...order.subarray(dealt, (dealt += size))].sort((a, b) => a - b),
    ),
  );
}

/** A stratified shuffle: any contiguous part has the classes in about the proportions of the whole. */
function spreadClasses(labels: Uint8Array, source: Random): Uint32Array {
  const counts = new Uint32Array(256);
  for (const label of labels) counts[label]!++;
  const seen = new Uint32Array(256);
  const place = new Float64Array(labels.length);
  // The r-th of a class with n members, met in random order, lands at random in the r-th of n equal parts.
  for (const i of permutation(labels.length, source)) place[i] = (seen[labels[i]!]!++ + source.uniform()) / counts[labels[i]!]!;
  return Uint32Array.from(labels.keys()).sort((a, b) => place[a]! - place[b]!);
}
