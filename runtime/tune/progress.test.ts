import { expect, test } from "vitest";
import type { Cost, Plan } from "#compiler/ir/plan.js";
import { tuneProgressOn } from "./progress.js";

test("says how long the builds of each kind take, and how many are left", () => {
  let now = 0;
  const written: string[] = [];
  const { report } = tuneProgressOn({ isTTY: true, write: (text) => written.push(text) > 0 }, () => now);
  const at = (moment: number, event: Parameters<typeof report>[0]): string => {
    now = moment;
    report(event);
    return written.at(-1)!;
  };
  const cost: Cost = { flash: { code: 1, weights: 2 }, ram: { static: 3, stack: 4 }, cycles: 5 };
  const whole = { plan: {} as Plan, cost, image: cost, fits: true };
  expect(at(2, { kind: "offers", done: 1, total: 3, fresh: [], offers: [] })).toBe("build 1 of 3, 2.0 s each, about 4.0 s left");
  expect(at(10, { kind: "offers", done: 2, total: 3, fresh: [], offers: [] })).toBe("build 2 of 3, 5.0 s each, about 5.0 s left");
  at(12, { kind: "offers", done: 3, total: 3, fresh: [], offers: [] });
  expect(at(15, { kind: "whole", done: 1, total: 3, whole })).toBe("build 1 of 3, 3.0 s each, about 6.0 s left");
  expect(written).toContain("whole plan 1: 5 cycles, flash 3 B, RAM 7 B\n");
});
