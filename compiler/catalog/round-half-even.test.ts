import fc from "fast-check";
import { expect, test } from "vitest";
import { roundHalfEven } from "./round-half-even.js";

test.each([
  [0.5, 0],
  [1.5, 2],
  [2.5, 2],
  [-0.5, -0],
  [-1.5, -2],
  [-2.5, -2],
  [2.500001, 3],
  [-2.499999, -2],
])("%f is rounded to %i", (value, rounded) => expect(roundHalfEven(value)).toBe(rounded));

test("it rounds as adding 1.5 * 2^52 does", () => {
  const shift = 1.5 * 2 ** 52;
  const quarters = fc.integer({ min: -(2 ** 32), max: 2 ** 32 }).map((value) => value / 4);
  fc.assert(fc.property(quarters, (value) => roundHalfEven(value) + 0 === value + shift - shift));
});
