import fc from "fast-check";
import { expect, test } from "vitest";
import { evenlySpaced } from "./evenly-spaced.js";

const inputsOf = (count: number) => ({
  count,
  size: 1,
  values: Int8Array.from({ length: count }, (_, i) => i),
  labels: new Uint8Array(count),
});

test("samples are as many as asked for or some more, equally far apart from the first on", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 127 }), fc.integer({ min: 1, max: 127 }), (count, about) => {
      const places = evenlySpaced(inputsOf(count), about).map(([place]) => place!);
      expect(places.length).toBeGreaterThanOrEqual(Math.min(about, count));
      expect(places.length).toBeLessThan(2 * about);
      const step = places.length > 1 ? places[1]! : count;
      expect(places).toEqual(Array.from({ length: places.length }, (_, i) => i * step));
      expect(places.at(-1)! + step).toBeGreaterThanOrEqual(count);
    }),
  );
});
