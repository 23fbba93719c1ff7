import fc from "fast-check";
import { expect, test } from "vitest";
import { additionChain } from "./addition-chain.js";
import { catalog } from "../../catalog/index.js";

const follow = (factors: readonly number[]): ReadonlySet<number> => {
  const made = new Set([1]);
  for (const { target, left, shift, right = 0, negative } of additionChain(factors)) {
    expect(made.has(left) && (right === 0 || made.has(right))).toBe(true);
    expect(left * 2 ** shift + (negative ? -right : right)).toBe(target);
    made.add(target);
  }
  return made;
};

test("a chain makes every factor from what is there", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 32_767 }), { maxLength: 12 }), (factors) => {
      expect([...follow(factors)]).toEqual(expect.arrayContaining(factors));
    }),
    { numRuns: 50 },
  );
});

test("a level of nf4 costs about one and a half operations", () => {
  const magnitudes = new Set(catalog.quantizers["nf4"]!.levels.map(Math.abs).filter((level) => level !== 0));
  const operations = additionChain([...magnitudes]).reduce(
    (sum, { shift, right }) => sum + (shift > 0 ? 1 : 0) + (right === undefined ? 0 : 1),
    0,
  );
  expect(operations).toBeLessThanOrEqual(23);
});
