import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DataError } from "../data-error.js";
import type { Samples, Splits } from "../samples.js";
import limit from "./limit.js";
import split from "./split.js";
import subsample from "./subsample.js";
import window from "./window.js";

/** Frames whose only value is their own number, in recordings of these lengths; recordings are of two classes by turns. */
function frames(...lengths: readonly number[]): Samples {
  const recordings = lengths.flatMap((length, recording) => new Array<number>(length).fill(recording));
  return {
    shape: [1],
    count: recordings.length,
    values: Float32Array.from(recordings, (_, i) => i),
    labels: Uint8Array.from(recordings, (recording) => recording % 2),
    recordings: Uint32Array.from(recordings),
    groups: { subject: Uint32Array.from(recordings, (recording) => recording >> 1) },
  };
}

const none: Samples = { shape: [1], count: 0, values: new Float32Array(0), labels: new Uint8Array(0) };
const splits = (train: Samples): Splits => ({ train, test: none, classes: ["a", "b"], origin: "frames" });
const cut = (train: Samples, length: number, step = 0) => window.arrange(splits(train), { length, step }).train;
const whole = { train: 0, validate: 0.25, test: 0.25, by: "", recordings: "whole", seed: 1 } as const;
const message = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof DataError) return `${error.message}\n${error.remedy}`;
    throw error;
  }
  throw new Error("was accepted");
};

describe("window", () => {
  it("cuts series that never reach into the next recording", () => {
    const { shape, count, values, labels, groups } = cut(frames(5, 2, 4), 2);
    expect([shape, count, [...values], [...labels]]).toEqual([[2, 1], 5, [0, 1, 2, 3, 5, 6, 7, 8, 9, 10], [0, 0, 1, 0, 0]]);
    expect(groups).toEqual({ subject: Uint32Array.of(0, 0, 0, 1, 1), recording: Uint32Array.of(0, 0, 1, 2, 2) });
  });

  it("lets windows overlap", () => {
    expect([...cut(frames(5), 3, 1).values]).toEqual([0, 1, 2, 1, 2, 3, 2, 3, 4]);
    expect([...cut(frames(5), 3, 2).values]).toEqual([0, 1, 2, 2, 3, 4]);
  });

  it("refuses windows that no recording fills, and frames that are no longer in order", () => {
    expect(message(() => cut(frames(5, 7), 8))).toMatch(/^no recording of frames is as long as a window of 8 frames: the longest has 7\n/);
    const dealt = split.arrange(splits(frames(5, 5)), whole);
    expect(message(() => window.arrange(dealt, { length: 2, step: 0 }))).toMatch(
      /^`window` needs single frames in the order of time.*\nPut `window` before/,
    );
    const limited = limit.arrange(splits(frames(5, 5)), { train: 4, test: 0 });
    expect(message(() => window.arrange(limited, { length: 2, step: 0 }))).toMatch(/^`window` needs/);
    expect(window.infer([5, 2], { length: 2, step: 0 })).toHaveProperty("needs");
  });
});

describe("split", () => {
  it("never tears apart the windows of a recording, nor loses any", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 4, max: 30 }), { minLength: 8, maxLength: 40 }), fc.nat(5), (lengths, seed) => {
        const windows = cut(frames(...lengths), 4, 1);
        const { train, validate, test } = split.arrange(splits(windows), { ...whole, seed });
        const sets = [train, validate!, test].map(({ groups }) => new Set(groups!["recording"]));
        expect(sets[0]!.size + sets[1]!.size + sets[2]!.size).toBe(lengths.length);
        expect([train, validate!, test].reduce((sum, { count }) => sum + count, 0)).toBe(windows.count);
        for (const { size } of sets) expect(size).toBeGreaterThan(0);
      }),
    );
  });

  it("leaves no set empty where some recordings are much longer than others", () => {
    const { train, validate, test } = split.arrange(splits(cut(frames(4, 4, 4, 4, 4, 4, 8, 8), 4, 1)), { ...whole, seed: 0 });
    for (const { count } of [train, validate!, test]) expect(count).toBeGreaterThan(0);
  });

  it("keeps about the shares and the proportions of the classes", () => {
    const { train, validate, test } = split.arrange(splits(cut(frames(...new Array<number>(40).fill(10)), 5, 5)), whole);
    expect([train.count, validate!.count, test.count]).toEqual([40, 20, 20]);
    for (const { labels, count } of [train, validate!, test]) expect(labels.reduce((sum, label) => sum + label, 0)).toBe(count / 2);
  });

  it("keeps together what a column says", () => {
    const { train, validate, test } = split.arrange(splits(frames(3, 3, 3, 3, 3, 3, 3, 3)), { ...whole, by: "subject" });
    const subjects = [train, validate!, test].map(({ groups }) => [...new Set(groups!["subject"])]);
    expect(subjects.map(({ length }) => length)).toEqual([2, 1, 1]);
    expect(subjects.flat().sort()).toEqual([0, 1, 2, 3]);
  });

  it("cuts recordings in time, so that windows of different sets share no frame", () => {
    const { train, validate, test } = split.arrange(splits(frames(8, 4)), { ...whole, recordings: "cut" });
    expect([train, validate!, test].map(({ values }) => [...values])).toEqual([
      [0, 1, 2, 3, 8, 9],
      [4, 5, 10],
      [6, 7, 11],
    ]);
    const windows = window.arrange({ ...splits(train), test }, { length: 2, step: 1 });
    expect([...windows.train.values]).toEqual([0, 1, 1, 2, 2, 3, 8, 9]);
    expect([...windows.test.values]).toEqual([6, 7]);
  });

  it("refuses names that nothing has, and to cut what is cut", () => {
    expect(message(() => split.arrange(splits(frames(4, 4)), { ...whole, by: "day" }))).toMatch(
      /^`split` is to keep together what has the same "day".*\nIt says: "subject"/,
    );
    expect(message(() => split.arrange(splits(none), { ...whole, by: "day" }))).toMatch(/Leave out `by:`/);
    expect(message(() => split.arrange(splits(cut(frames(4, 4), 2)), { ...whole, recordings: "cut" }))).toMatch(
      /single frames\nPut `split` before `window`/,
    );
    expect(message(() => split.arrange({ ...splits(frames(4)), validate: none }, whole))).toMatch(
      /^`split` is told to hold out 25% to pick checkpoints by, but frames has samples for that\n/,
    );
  });
});

it("takes hours of readings, and recordings of a single frame", () => {
  const { train, test } = split.arrange(splits(frames(75_000, 75_000, 75_000, 75_000)), {
    ...whole,
    validate: 0,
    test: 0.5,
    by: "subject",
  });
  expect([train.count, test.count]).toEqual([150_000, 150_000]);
  expect(message(() => cut({ ...frames(150_000), recordings: new Uint32Array(150_000).map((_, i) => i) }, 2))).toMatch(
    /the longest has 1\n/,
  );
});

describe("subsample", () => {
  it("makes a few frames their mean, feature by feature", () => {
    const series: Samples = {
      shape: [5, 2],
      count: 1,
      values: Float32Array.of(1, 10, 3, 20, 5, 30, 7, 40, 9, 50),
      labels: new Uint8Array(1),
    };
    const { convert } = subsample.prepare(series, { frames: 2 });
    expect({ ...convert(series), values: [...convert(series).values] }).toEqual({ ...series, shape: [2, 2], values: [2, 15, 6, 35] });
    expect(subsample.infer([5, 2], { frames: 2 })).toEqual({ shape: [2, 2] });
    expect(subsample.infer([5, 2], { frames: 6 })).toHaveProperty("needs");
  });
});
