import { expect, test } from "vitest";
import { createCallStack } from "./calls.js";

const functions = [
  { name: "main", start: 0, end: 100 },
  { name: "kernel", start: 100, end: 200 },
];

test("assembly that calls parts of its own function is one call, and is told of once", () => {
  const returned: (readonly [string, number])[] = [];
  const stack = createCallStack(functions, (name, cycles) => returned.push([name, cycles]));
  stack.restart(0, 0xffff, 0);
  for (const [time, at] of [
    [5, 10],
    [55, 14],
  ] as const) {
    stack.enter(100, at, time);
    for (const part of [150, 170]) {
      stack.enter(part, 110, time + 5);
      stack.leave(110, true, time + 8);
    }
    stack.leave(at, true, time + 25);
  }
  expect(returned).toEqual([
    ["kernel", 25],
    ["kernel", 25],
  ]);
  expect(stack.profile(100)).toMatchObject([
    { name: "main", calls: 1, exclusive: 50 },
    { name: "kernel", calls: 2, exclusive: 50, inclusive: 50 },
  ]);
});

test("recursion through the beginning of a function is a call each", () => {
  const stack = createCallStack(functions);
  stack.restart(0, 0xffff, 0);
  stack.enter(100, 10, 5);
  stack.enter(100, 120, 10);
  stack.leave(120, true, 15);
  stack.leave(10, true, 20);
  expect(stack.profile(20)).toMatchObject([{ name: "main" }, { name: "kernel", calls: 2, exclusive: 15, inclusive: 15 }]);
});
