import fc from "fast-check";
import { expect, test } from "vitest";
import { type ChannelSum, fit } from "./lane-channels.js";

/** One channel of a few taps, and lanes of any width. */
const cases = fc.record({
  taps: fc.array(fc.integer({ min: -15, max: 15 }), { minLength: 1, maxLength: 9 }),
  added: fc.oneof(fc.integer({ min: -200, max: 200 }), fc.integer({ min: -1_000_000, max: 1_000_000 })),
  inputs: fc.constantFrom(1, 3, 7, 15, 127, 255),
  shift: fc.integer({ min: 0, max: 12 }),
  most: fc.constantFrom(1, 3, 15, 127),
  bits: fc.constantFrom(8, 10, 16, 32),
  draws: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 9, maxLength: 9 }),
});

const towards = ({ taps }: ChannelSum, inputs: number, sign: number): number =>
  taps.reduce((sum, tap) => sum + (sign * tap > 0 ? tap * inputs : 0), 0);

test("values of lanes are those of sums, up to the largest and the least, and no lane runs over", () => {
  let [taken, halves] = [0, 0];
  fc.assert(
    fc.property(cases, ({ bits, draws, ...given }) => {
      const { taps, added, inputs, shift, most } = given;
      const fitting = fit([given], given, { bits });
      if (fitting === undefined) return;
      const { channels, halved, down, saturates } = fitting;
      const { start, threshold } = channels[0]!;
      taken++;
      if (halved) halves++;
      const drawn = taps.reduce((sum, tap, at) => sum + tap * Math.round(draws[at]! * inputs), 0);
      const [least, largest] = [towards(given, inputs, -1), towards(given, inputs, 1)];
      for (const sum of [least, drawn, largest]) {
        const lane = start + sum;
        expect(lane >= 0 && lane < 2 ** (halved ? bits : bits - 1)).toBe(true);
        const compared = halved ? Math.floor(lane / 2) : lane;
        const value = Math.floor(Math.max(0, compared - threshold) / 2 ** down);
        if (!saturates) expect(value).toBeLessThanOrEqual(most);
        expect(Math.min(most, value)).toBe(Math.min(most, Math.max(0, Math.floor((sum + added) / 2 ** shift))));
      }
    }),
    { numRuns: 2000 },
  );
  expect(taken).toBeGreaterThan(1000);
  expect(halves).toBeGreaterThan(50);
});

test.each([
  ["to the guard bit", 4, 31, true, false],
  ["beyond it, and is halved", 4, 32, true, true],
  ["to the end of a lane, halved", 4, 63, true, true],
  ["beyond its lane", 4, 64, false, false],
  ["beyond the guard bit, with nothing to be shifted out", 0, 32, false, false],
])("a sum that goes %s", (_, shift, tap, fits, halved) => {
  const fitting = fit([{ taps: [tap], added: 0 }], { inputs: 4, shift, most: 15 }, { bits: 8 });
  expect(fitting?.halved).toBe(fits ? halved : undefined);
});
