import { expect, test } from "vitest";
import type { Network } from "../ir/network.js";
import { classOf, interpreter } from "./run.js";

const layer = (id: string, op: string, shape: readonly number[], input: string, units?: number) => ({
  id,
  op,
  attributes: units === undefined ? {} : { units },
  inputs: [input],
  type: { element: op === "dense" ? ("i32" as const) : ("i8" as const), shape },
  origin: [],
});

const network: Network = {
  name: "small",
  doc: "",
  layers: [
    { id: "input1", op: "input", attributes: {}, inputs: [], type: { element: "i8", shape: [2] }, origin: [] },
    layer("dense1", "dense", [3], "input1", 3),
    layer("relu1", "relu", [3], "dense1"),
    layer("dense2", "dense", [2], "relu1", 2),
  ],
  result: "dense2",
};

const run = (first: readonly number[], second: readonly number[]) =>
  interpreter(
    network,
    new Map([
      ["dense1", Int32Array.from(first)],
      ["dense2", Int32Array.from(second)],
    ]),
  );

test("sums, rescales and sums again", () => {
  // dense1: 100*3 + 20*1 = 320, 100*-3 = -300, 20*1 = 20; 320 >> 7 = 2 has 2 bits: shift 2, half 2.
  const infer = run([3, 1, -3, 0, 0, 1], [1, 0, 0, 0, 1, 7]);
  expect([...infer(Int8Array.of(100, 20))]).toEqual([(320 + 2) >> 2, 7 * ((20 + 2) >> 2)]);
});

test("leaves vectors whose largest value is below 128 as they are", () => {
  const infer = run([1, 0, 0, 1, 0, 0], [1, 0, 0, 0, 1, 0]);
  expect([...infer(Int8Array.of(127, 1))]).toEqual([127, 1]);
});

test("clips what rounds up to 128", () => {
  // 255 >> 7 = 1: shift 1; (255 + 1) >> 1 = 128 becomes 127.
  const infer = run([1, 1, 0, 0, 0, 0], [1, 0, 0, 1, 0, 0]);
  expect(infer(Int8Array.of(127, 127))[0]).toBe((254 + 1) >> 1);
  expect(run([3, -1, 0, 0, 0, 0], [1, 0, 0, 1, 0, 0])(Int8Array.of(127, 126))[0]).toBe(127);
});

test("all negative sums become zeros", () => {
  expect([...run([-1, 0, 0, -1, -1, -1], [1, 1, 1, 1, 1, 1])(Int8Array.of(5, 7))]).toEqual([0, 0]);
});

test("the answer is the first of equal largest sums", () => {
  expect(classOf(Int32Array.of(-5, 3, 3, 1))).toBe(1);
});
