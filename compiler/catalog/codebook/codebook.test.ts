import { describe, expect, test } from "vitest";
import { random } from "../../random.js";
import { meanMagnitude, quantize } from "./codebook.js";
import { catalog } from "../index.js";

/** The published rule of each format, as a formula on one weight; `s` is the clipping scalar. */
function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
const symmetric = (bits: number) => (w: number, s: number) => {
  const k = 2 ** (bits - 1) / s;
  return 2 * (clamp(roundHalfEven(w * k - 0.5), -(2 ** (bits - 1)), 2 ** (bits - 1) - 1) + 0.5);
};
const whole = (bits: number) => (w: number, s: number) =>
  clamp(roundHalfEven((w * 2 ** (bits - 1)) / s), -(2 ** (bits - 1)), 2 ** (bits - 1) - 1);
const rules: Readonly<Record<string, (w: number, s: number, mean: number) => number>> = {
  binary: (w, _s, mean) => (w - mean < 0 ? -1 : 1),
  binarysym: (w) => (w < 0 ? -1 : 1),
  ternary: (w, s) => clamp(roundHalfEven(w / s), -1, 1),
  "2bitsym": symmetric(2),
  "4bitsym": symmetric(4),
  "5bitsym": symmetric(5),
  "4bit": whole(4),
  "8bit": whole(8),
  fp130: (w, s) => (w < 0 ? -1 : 1) * 2 ** clamp(Math.floor(Math.log2(Math.abs((w * 128) / s))), 0, 7),
  nf4: (w, s) => nearest((w * 127) / s, catalog.quantizers["nf4"]!.levels),
  // The smallest of the nearest: sums of two numbers of which each is zero or a power of two with a sign.
  csd2: (w, s) =>
    nearest(
      (w * 64) / s,
      sums(powers, powers).filter((level) => level >= -64 && level < 64),
    ),
  pow2: (w, s) =>
    nearest(
      (w * 128) / s,
      powers.filter((level) => level < 128),
    ),
};

const powers = [-128, -64, -32, -16, -8, -4, -2, -1, 0, 1, 2, 4, 8, 16, 32, 64, 128];
const sums = (a: readonly number[], b: readonly number[]): readonly number[] =>
  [...new Set(a.flatMap((x) => b.map((y) => x + y)))].sort((x, y) => x - y);

function nearest(value: number, levels: readonly number[]): number {
  return levels.reduce((best, level) => (Math.abs(level - value) < Math.abs(best - value) ? level : best));
}

test("every format has a rule to be held against", () => {
  expect(Object.keys(rules).sort()).toEqual(Object.keys(catalog.quantizers).sort());
});

describe.each(Object.values(catalog.quantizers))("$name", (quantizer) => {
  const source = random(1, "codebook", quantizer.name);
  const values = Float32Array.from({ length: 20_000 }, () => source.normal() * 0.3);
  const clip = Float32Array.of(quantizer.scale === "mean-magnitude" ? meanMagnitude(values) : 0.5);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;

  test("follows its published rule", () => {
    const levels = quantize(quantizer, { values, rows: 4, clip });
    const expected = Int32Array.from(values, (w) => rules[quantizer.name]!(w, clip[0]!, mean));
    expect(levels).toEqual(expected);
  });

  test("gives its own levels back", () => {
    const centred = Float32Array.from(quantizer.levels);
    const again = quantize(quantizer, { values: centred, rows: 1, clip: Float32Array.of(quantizer.fullScale) });
    expect(again).toEqual(Int32Array.from(quantizer.levels));
  });

  test("knows a level for every weight, also for zero and beyond all levels", () => {
    const extremes = Float32Array.of(0, -0, 1e30, -1e30, 1e-30, -1e-30);
    const levels = quantize(quantizer, { values: extremes, rows: 1, clip: Float32Array.of(1) });
    for (const level of levels) expect(quantizer.levels).toContain(level);
    expect(levels[2]).toBe(Math.max(...quantizer.levels));
    expect(levels[3]).toBe(Math.min(...quantizer.levels));
  });
});

test("a clipping scalar per row scales each row by itself", () => {
  const values = Float32Array.of(0.5, 0.5);
  const levels = quantize(catalog.quantizers["8bit"]!, { values, rows: 2, clip: Float32Array.of(1, 0.5) });
  expect([...levels]).toEqual([64, 127]);
});
