import { permutation, random } from "../../random.js";
import { selectSamples, stretchesOf } from "./select.js";
import type { Samples } from "../samples.js";

/**
 * A stratified group split: whole groups of samples go into sets of about the given shares, each with the classes in about the
 * proportions of the whole; reproducible by key. What is left over is dropped.
 */
export function dealGroups(
  samples: Samples,
  groupOf: Uint32Array,
  shares: readonly number[],
  ...key: readonly (number | string)[]
): readonly Samples[] {
  const members = membersOf(groupOf);
  const classes = countClasses(samples.labels, [...samples.labels.keys()]);
  const rest = 1 - shares.reduce((sum, share) => sum + share, 0);
  // A set that is to stay empty needs less than any other.
  const needs = [...shares, rest].map((share) => classes.map((count) => (share > 1e-9 ? share * count : -Infinity)));
  const dealt: number[][] = needs.map(() => []);
  // Large groups first: what is small evens out what they left, so that no set need stay empty.
  const order = [...permutation(members.length, random(...key))].sort((one, other) => members[other]!.length - members[one]!.length);
  for (const group of order) {
    const counts = countClasses(samples.labels, members[group]!);
    // To the set that lacks most of what the group has; a rare class weighs as much as a common one.
    const lacking = needs.map((need) =>
      counts.reduce((sum, count, label) => (count === 0 ? sum : sum + (count * need[label]!) / classes[label]!), 0),
    );
    const neediest = lacking.indexOf(Math.max(...lacking));
    counts.forEach((count, label) => (needs[neediest]![label]! -= count));
    for (const sample of members[group]!) dealt[neediest]!.push(sample);
  }
  return shares.map((_, set) =>
    selectSamples(
      samples,
      dealt[set]!.sort((a, b) => a - b),
    ),
  );
}

/** Cuts every recording into consecutive parts of the given shares, one for each set. */
export const cutRecordings = (samples: Samples, recordings: Uint32Array, shares: readonly number[]): readonly Samples[] => {
  const parts: number[][] = shares.map(() => []);
  for (const { start, end } of stretchesOf(recordings)) {
    let before = 0;
    shares.forEach((share, set) => {
      const [from, to] = [before, before + share].map((border) => start + Math.round(border * (end - start)));
      for (let i = from!; i < to!; i++) parts[set]!.push(i);
      before += share;
    });
  }
  return parts.map((positions) => selectSamples(samples, positions));
};

function membersOf(groupOf: Uint32Array): readonly (readonly number[])[] {
  const members = new Map<number, number[]>();
  groupOf.forEach((group, sample) => {
    const known = members.get(group);
    if (known === undefined) members.set(group, [sample]);
    else known.push(sample);
  });
  return [...members.values()];
}

function countClasses(labels: Uint8Array, samples: readonly number[]): number[] {
  const counts = new Array<number>(256).fill(0);
  for (const sample of samples) counts[labels[sample]!]!++;
  return counts;
}
