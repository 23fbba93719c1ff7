import fc from "fast-check";
import { expect, test } from "vitest";
import { type Buffer, compatible, place } from "./place.js";

/** Chains as nets make them: each value is written at one step and read until a later one; some overlay what they read. */
const buffers: fc.Arbitrary<readonly Buffer[]> = fc
  .array(
    fc.record({
      bytes: fc.integer({ min: 1, max: 400 }),
      alignment: fc.constantFrom(1, 2, 4),
      life: fc.integer({ min: 0, max: 4 }),
      overlays: fc.boolean(),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((drawn) =>
    drawn.map(({ bytes, alignment, life, overlays }, step) => ({
      name: `b${step}`,
      bytes,
      alignment,
      from: step,
      to: step + life,
      ...(overlays && step > 0 ? { overlays: `b${step - 1}` } : {}),
    })),
  );

test("buffers that live together share no bytes, except going forward over what is read", () => {
  fc.assert(
    fc.property(buffers, (all) => {
      const { offsets, bytes } = place(all);
      for (const buffer of all) {
        const start = offsets.get(buffer.name)!;
        expect(start % buffer.alignment).toBe(0);
        expect(start + buffer.bytes).toBeLessThanOrEqual(bytes);
      }
      // What a step writes must leave alone whatever was written before and is still to be read.
      for (const buffer of all) {
        for (const other of all) {
          if (other.from <= buffer.from || other.from > buffer.to) continue;
          const [a, b] = [offsets.get(buffer.name)!, offsets.get(other.name)!];
          const overlap = a < b + other.bytes && b < a + buffer.bytes;
          const forward = other.overlays === buffer.name && other.from === buffer.to && b <= a;
          expect(!overlap || forward, `${buffer.name} and ${other.name}`).toBe(true);
        }
      }
    }),
  );
});

test("the arena is never smaller than what lives at once, nor larger than everything", () => {
  fc.assert(
    fc.property(buffers, (all) => {
      const plain = all.map(({ name, bytes, from, to }) => ({ name, bytes, from, to, alignment: 1 }));
      const { bytes } = place(plain);
      const liveAt = (step: number): number =>
        plain.reduce((sum, { from, to, bytes: size }) => sum + (from <= step && step <= to ? size : 0), 0);
      expect(bytes).toBeGreaterThanOrEqual(Math.max(...plain.map(({ from }) => liveAt(from))));
      expect(bytes).toBeLessThanOrEqual(plain.reduce((sum, { bytes: size }) => sum + size, 0));
    }),
  );
});

test("a rescaled vector lies over the sums it is made of", () => {
  const sums: Buffer = { name: "sums", bytes: 256, alignment: 4, from: 0, to: 1 };
  const bytes: Buffer = { name: "bytes", bytes: 64, alignment: 1, from: 1, to: 2, overlays: "sums" };
  expect(place([sums, bytes]).bytes).toBe(256);
  expect(compatible(bytes, 4, sums, 0)).toBe(false);
  expect(compatible(bytes, 0, sums, 4)).toBe(true);
  expect(compatible({ ...bytes, overlays: "another" }, 0, sums, 0)).toBe(false);
});
