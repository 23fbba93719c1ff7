import { expect, test } from "vitest";
import { suggestUnit, unitOf, units } from "./units.js";

test.each([
  ["KiB", "size", 1024],
  ["kB", "size", 1000],
  ["ms", "time", 0.001],
  ["%", "share", 0.01],
  ["epochs", "epochs", 1],
  ["epoch", "epochs", 1],
  ["MHz", "frequency", 1_000_000],
])("%s is a unit of %s", (text, dimension, factor) => expect(unitOf(text)).toEqual({ text, dimension, factor }));

test("half a turn is 180 degrees", () => expect(Math.PI * unitOf("rad")!.factor).toBeCloseTo(180 * unitOf("deg")!.factor, 12));

test("units are exact: case matters, and there are no others", () => {
  expect(unitOf("kib")).toBeUndefined();
  expect(unitOf("toString")).toBeUndefined();
});

test("every unit is written one way and every dimension has a base", () => {
  expect(new Set(units.map(({ text }) => text)).size).toBe(units.length);
  for (const { dimension } of units) {
    if (dimension === "share") continue;
    expect(
      units.some((unit) => unit.dimension === dimension && unit.factor === 1),
      dimension,
    ).toBe(true);
  }
});

test("suggestions keep to the dimension that the place allows", () => {
  expect(suggestUnit("kib")).toBe("KiB");
  expect(suggestUnit("degs")).toBe("deg");
  expect(suggestUnit("epoches", "epochs")).toBe("epochs");
  expect(suggestUnit("Mhz", "size")).toBeUndefined();
  expect(suggestUnit("parsec")).toBeUndefined();
});
