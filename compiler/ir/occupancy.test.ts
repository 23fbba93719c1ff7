import { expect, test } from "vitest";
import { occupancyOf } from "./occupancy.js";

test("values above the zero point are active, and their digits are counted above it", () => {
  // 3 and 1 of four values: two digits and one.
  expect(occupancyOf([[0, 3, 0, 1]])).toEqual({ active: 0.5, digits: 1.5 });
  // The zero point is -5: 5 above it is 0b101, 8 is 0b1000.
  expect(occupancyOf([[-5, 0, 3, -5]])).toEqual({ active: 0.5, digits: 1.5 });
});

test("each sample has a zero point of its own; nothing active has no digits", () => {
  expect(
    occupancyOf([
      [-1, -1],
      [7, 0],
    ]),
  ).toEqual({ active: 0.25, digits: 3 });
  expect(occupancyOf([[0, 0]])).toEqual({ active: 0, digits: 0 });
  expect(occupancyOf([])).toEqual({ active: 0, digits: 0 });
});
