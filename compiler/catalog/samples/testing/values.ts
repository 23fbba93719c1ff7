import fc from "fast-check";

/** Values of one sample. */
export const fractions = fc.array(fc.float({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 20 });

const values = (min: number) => fc.oneof(fc.float({ noNaN: true, min, max: 100 }), fc.constantFrom(0, -0, 1));

/** Twelve bytes as samples of some size, and what bytes stand for: anything, or nothing below 0. */
export const sizedTable = fc.record({
  table: fc
    .constantFrom(-100, 0)
    .chain((min) => fc.array(values(min), { minLength: 256, maxLength: 256 }).map((table) => Float32Array.from(table))),
  bytes: fc.uint8Array({ minLength: 12, maxLength: 12 }),
  size: fc.constantFrom(1, 3, 4, 12),
});
