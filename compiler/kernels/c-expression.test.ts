import fc from "fast-check";
import { expect, test } from "vitest";
import { signedDigits } from "../catalog/codebook/signed-digits.js";
import { timesConstant, timesUnsigned } from "./c-expression.js";

/** The expressions are C and JavaScript at once when casts and the macro HIDDEN are dropped and the result is cut to 32 bits. */
const evaluate = (expression: string, v: number): number =>
  new Function(
    "v",
    `return (${expression
      .replace(/\((u?)int32_t\)/g, "")
      .replace(/0u/g, "0")
      .replace(/HIDDEN/g, "")}) | 0`,
  )(v) as number;

test("a factor becomes shifts, additions and subtractions", () => {
  fc.assert(
    fc.property(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: -2_000_000, max: 2_000_000 }), (factor, v) => {
      expect(evaluate(timesConstant("v", factor), v)).toBe(Math.imul(factor, v) + 0);
      expect(evaluate(timesUnsigned("v", factor), v)).toBe(Math.imul(factor, v) + 0);
      expect(timesConstant("v", factor)).not.toMatch(/[*/%]/);
    }),
  );
});

test("digits are signed and never adjacent", () => {
  fc.assert(
    fc.property(fc.integer(), (value) => {
      const digits = signedDigits(value);
      expect(digits.reduce((sum, { shift, negative }) => sum + (negative ? -1 : 1) * 2 ** shift, 0)).toBe(value);
      digits.slice(1).forEach(({ shift }, i) => expect(shift).toBeGreaterThan(digits[i]!.shift + 1));
    }),
  );
});

test("small factors read well", () => {
  expect(timesConstant("sum", 1)).toBe("sum");
  expect(timesConstant("sum", -1)).toBe("-sum");
  expect(timesConstant("sum", 8)).toBe("(int32_t)((uint32_t)sum << 3)");
  expect(timesUnsigned("total", -15)).toBe("total - HIDDEN(total << 4)");
});
