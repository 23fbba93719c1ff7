import fc from "fast-check";
import { expect, test } from "vitest";
import { beats, type Trade, paretoFront } from "./pareto.js";

// Few different numbers, so that there are ties.
const trades = fc.array(
  fc.record({ value: fc.integer({ min: 0, max: 5 }), costs: fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 })) }),
  { maxLength: 30 },
);
const front = (all: readonly Trade[]): readonly Trade[] => paretoFront(all, (trade) => trade);

test("nobody on the front is beaten, and everybody else is beaten by somebody on it", () => {
  fc.assert(
    fc.property(trades, (all) => {
      const best = front(all);
      for (const trade of best) expect(all.some((other) => beats(other, trade))).toBe(false);
      for (const trade of all.filter((one) => !best.includes(one))) expect(best.some((other) => beats(other, trade))).toBe(true);
    }),
  );
});

test("the front is of the set: order and beaten ones do not matter, and it is its own front", () => {
  fc.assert(
    fc.property(trades, (all) => {
      const best = front(all);
      expect(front(all.toReversed()).toReversed()).toEqual(best);
      expect(front(best)).toEqual(best);
      expect(best.length > 0).toBe(all.length > 0);
    }),
  );
});

test("along one cost, what costs more on the front is worth more", () => {
  fc.assert(
    fc.property(trades, (all) => {
      const line = paretoFront(all, ({ value, costs }) => ({ value, costs: [costs[0]] }));
      const sorted = line.toSorted((a, b) => a.costs[0]! - b.costs[0]!);
      sorted
        .slice(1)
        .forEach(({ value, costs }, i) =>
          expect(costs[0] === sorted[i]!.costs[0] ? value === sorted[i]!.value : value > sorted[i]!.value).toBe(true),
        );
    }),
  );
});

test("equals stay together; nothing beats itself", () => {
  const twin = { value: 1, costs: [2, 3] };
  expect(beats(twin, { ...twin })).toBe(false);
  expect(front([twin, { ...twin }, { value: 1, costs: [2, 4] }])).toEqual([twin, twin]);
});
