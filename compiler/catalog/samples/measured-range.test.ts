import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Activation, elementRange } from "../../ir/types.js";
import { measuredRange, measureRange } from "./measured-range.js";
import { isSigned } from "./quantize.js";
import { fractions, sizedTable } from "./testing/values.js";

const elements = fc.constantFrom<Activation[]>("i8", "i4", "i2", "u1", "u4", "u7", "u8");

function quantized(element: Activation, train: readonly number[], values: readonly number[], features = 1, clip = 0): readonly number[] {
  const range = measureRange({ values: Float32Array.from(train) }, features, clip, element);
  const into = new Int8Array(values.length);
  measuredRange(element, range).ofFractions(Float32Array.from(values), into, 0);
  return element === "u8" ? [...new Uint8Array(into.buffer)] : [...into];
}

describe("a range that was measured", () => {
  it("is symmetric for signed elements, and saturates on either side", () => {
    expect(quantized("i8", [-1, 4], [4, 2, -4, 100, -100, 0])).toEqual([127, 64, -127, 127, -128, 0]);
  });

  it("reaches from the least to the largest value for unsigned ones", () => {
    expect(quantized("u4", [10, 40, 20], [10, 20, 40, 0, 99])).toEqual([0, 5, 15, 0, 15]);
  });

  it("is one of each feature", () => {
    expect(quantized("u4", [0, 100, 1, 400], [1, 400, 0.2, 160], 2)).toEqual([15, 15, 3, 3]);
    expect(quantized("i8", [1, 0, -2, 0], [2, 5, 1, -5], 2)).toEqual([127, 0, 64, 0]);
  });

  it("leaves a share of the training values outside: of magnitudes, or of either tail", () => {
    const thousand = Array.from({ length: 1000 }, (_, i) => i);
    expect(measureRange({ values: Float32Array.from(thousand) }, 1, 0.01, "i8")).toEqual({ magnitude: [989] });
    expect(measureRange({ values: Float32Array.from(thousand) }, 1, 0.01, "u4")).toEqual({ least: [10], largest: [989] });
    expect(measureRange({ values: Float32Array.from([...thousand, ...thousand.map((x) => -2 * x)]) }, 1, 0.25, "i8")).toEqual({
      magnitude: [999],
    });
    expect(measureRange({ values: Float32Array.of(3) }, 1, 0.5, "u4")).toEqual({ least: [3], largest: [3] });
  });

  it("of bytes is theirs, and measured where some are to saturate or each feature has its own", () => {
    const values = Uint8Array.of(9, 30, 10, 20);
    expect(measureRange({ values }, 1, 0, "u4")).toEqual({ least: [0], largest: [255] });
    expect(measureRange({ values }, 1, 0, "i8")).toEqual({ magnitude: [255] });
    expect(measureRange({ values }, 1, 0.25, "u4")).toEqual({ least: [10], largest: [20] });
    expect(measureRange({ values }, 2, 0, "u4")).toEqual({ least: [9, 20], largest: [10, 30] });
  });

  it("halves bytes for u7, as firmware does by a shift", () => {
    const values = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const { ofBytes, ofFractions } = measuredRange("u7", measureRange({ values }, 1, 0, "u7"));
    const [bytes, fractions] = [new Int8Array(256), new Int8Array(256)];
    ofBytes(Float32Array.from(values))(values, bytes, 0);
    ofFractions(Float32Array.from(values), fractions, 0);
    for (const found of [bytes, fractions]) expect([...found]).toEqual([...values].map((byte) => byte >> 1));
  });

  it("quantizes to within half a step of the exact quotient, in range and monotonic, whatever it was measured on", () => {
    fc.assert(
      fc.property(elements, fractions, fractions, (element, train, values) => {
        const { low, high } = elementRange(element);
        const magnitude = Math.max(...train.map(Math.abs));
        const [zero, width] = isSigned(element) ? [0, magnitude] : [Math.min(...train), Math.max(...train) - Math.min(...train)];
        fc.pre(width > 1e-30 && width > magnitude * 1e-5);
        const sorted = [...values].sort((a, b) => a - b);
        const found = quantized(element, train, sorted);
        sorted.forEach((value, i) => {
          const exact = Math.min(Math.max(((value - zero) * high) / width, low), high);
          expect(Math.abs(found[i]! - exact)).toBeLessThanOrEqual(0.5 + 1e-2);
          expect(found[i]! >= low && found[i]! <= high && (i === 0 || found[i]! >= found[i - 1]!)).toBe(true);
        });
      }),
    );
  });

  it("makes every training value 0 where all are the same", () => {
    expect(quantized("u4", [7, 7], [7, 9])).toEqual([0, 0]);
    expect(quantized("i8", [0, 0], [0, 9])).toEqual([0, 0]);
  });

  it("does to bytes what it does to the values that they stand for", () => {
    fc.assert(
      fc.property(sizedTable, elements, ({ table, bytes, size }, element) => {
        const values = Float32Array.from(bytes, (byte) => table[byte]!);
        const [found, expected] = [new Int8Array(13), new Int8Array(13)];
        const range = measuredRange(element, measureRange({ values }, size, 0.1, element));
        range.ofBytes(table)(bytes, found, 1);
        range.ofFractions(values, expected, 1);
        expect(found).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });
});
