import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesAxis, countAxis, shareAxis, showLarge } from "./axis.js";
import { fitting, linear, logarithmic, type Rounding } from "./scale.js";

const positive = fc.array(fc.double({ min: 1, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 20 });
const rounding = fc.constantFrom<Rounding>("decimal", "binary");

describe("a scale", () => {
  it("has at most seven ticks, ascending and on the axis, and room for every value", () => {
    fc.assert(
      fc.property(positive, rounding, fc.constantFrom(linear, logarithmic, fitting), (values, how, make) => {
        const { low, high, ticks, share } = make(values, how);
        expect(ticks.length).toBeLessThanOrEqual(7);
        if (make === linear && values.some((value) => value > 100)) expect(ticks.length).toBeGreaterThan(1);
        expect([...ticks].sort((a, b) => a - b)).toEqual(ticks);
        for (const tick of ticks) expect(tick).toSatisfy((value: number) => value >= low && value <= high);
        for (const value of values) expect(share(value)).toSatisfy((at: number) => at >= 0 && at <= 1);
      }),
    );
  });

  it.each([
    [bytesAxis("flash", [900, 12_000]), ["1 KiB", "2 KiB", "4 KiB", "8 KiB"]],
    [bytesAxis("flash", [5000, 12_000]), ["6 KiB", "8 KiB", "10 KiB", "12 KiB"]],
    [countAxis("cycles", [30_000, 900_000]), ["50k", "100k", "200k", "500k", "1M"]],
    [countAxis("cycles", [100_000, 250_000]), ["100k", "150k", "200k", "250k"]],
    [shareAxis("accuracy", [0.985, 0.995]), ["98.6%", "98.8%", "99.0%", "99.2%", "99.4%"]],
    [shareAxis("accuracy", [0.9, 1]), ["90%", "92%", "94%", "96%", "98%", "100%"]],
    [shareAxis("accuracy", [0.97]), ["92%", "94%", "96%", "98%", "100%"]],
  ])("says round numbers", ({ scale, show }, expected) => {
    expect(scale.ticks.map(show)).toEqual(expected);
  });

  it("shortens large counts", () => {
    expect([7, 999, 1000, 12_500, 123_456, 1e6, 2.5e7].map(showLarge)).toEqual(["7", "999", "1k", "12.5k", "123k", "1M", "25M"]);
  });
});
