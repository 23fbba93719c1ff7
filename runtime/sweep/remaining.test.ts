import { expect, test } from "vitest";
import { secondsLeft } from "./remaining.js";

const running = (seconds: number, epochs: number, left: number | undefined) => ({ seconds, epochs, secondsLeft: left, epochsInAll: 10 });

test("nothing is known before the first step", () => {
  expect(secondsLeft({ running: [running(3, 0, undefined)], ended: [], waiting: [10], jobs: 1 })).toBeUndefined();
});

test("what waits takes as long an epoch as what ran, at who is free first", () => {
  // Two seconds an epoch; slots are free in 4 and in 12 seconds; two wait for 10 epochs each.
  const state = { running: [running(16, 8, 4), running(8, 4, 12)], ended: [], waiting: [10, 10], jobs: 2 };
  expect(secondsLeft(state)).toBe(32);
  expect(secondsLeft({ ...state, waiting: [10] })).toBe(24);
  expect(secondsLeft({ ...state, waiting: [] })).toBe(12);
});

test("a run without a pace of its own is taken as one of the others", () => {
  expect(secondsLeft({ running: [running(1, 0, undefined)], ended: [{ seconds: 19, epochs: 10 }], waiting: [], jobs: 1 })).toBe(20);
});
