import { expect } from "vitest";

/** Slopes of a function at a point, by small steps in each direction. */
export function finiteDifferences(of: (values: Float64Array) => number, at: Float64Array): number[] {
  const width = 1e-5;
  const moved = (i: number, by: number): Float64Array => at.map((value, j) => (i === j ? value + by : value));
  return Array.from(at, (_, i) => (of(moved(i, width)) - of(moved(i, -width))) / (2 * width));
}

/** Each number within `tolerance` of the expected one, measured by the largest of them. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  const scale = Math.max(1, ...Array.from(expected, Math.abs));
  for (let i = 0; i < actual.length; i++) expect(Math.abs(actual[i]! - expected[i]!)).toBeLessThan(tolerance * scale);
}
