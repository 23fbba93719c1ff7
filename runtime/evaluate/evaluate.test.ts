import { describe, expect, test } from "vitest";
import type { Claim } from "#compiler/ir/module.js";
import type { Weights } from "#compiler/ir/weights.js";
import { perceptron } from "../train/testing/perceptron.js";
import { decideClaims } from "./claims.js";
import { accuracyOf, evaluate, evaluationOf, integerLogits, recallsOf } from "./evaluate.js";
import { npyOf } from "./npy.js";

// Each class's sum is one of the inputs, three times over in steps of 8bit: 128 levels to the clip.
const network = perceptron([3, 3], { weights: "8bit" });
const weights: Weights = new Map([
  ["dense1", { shape: [3, 3], values: Float32Array.of(3, 0, 0, 0, 3, 0, 0, 0, -3), clip: Float32Array.of(128) }],
]);
const inputs = { count: 4, size: 3, values: Int8Array.of(5, 1, 0, 1, 5, 0, 5, 5, 127, 0, 0, -2), labels: Uint8Array.of(0, 1, 1, 2) };
const classes = ["a", "b", "c"];

describe("an evaluation", () => {
  const evaluation = evaluate(network, weights, inputs, classes);

  test("runs the integer model", () => {
    expect(integerLogits(network, weights, inputs)).toEqual({
      samples: 4,
      classes: 3,
      values: Int32Array.of(15, 3, 0, 3, 15, 0, 15, 15, -381, 0, 0, 6),
    });
  });

  test("counts answers by truth; the first of two equal sums wins", () => {
    expect(evaluation).toEqual({
      samples: 4,
      correct: 3,
      classes,
      confusion: [
        [1, 0, 0],
        [1, 1, 0],
        [0, 0, 1],
      ],
    });
    expect(accuracyOf(evaluation)).toBe(0.75);
    expect(recallsOf(evaluation)).toEqual([1, 0.5, 1]);
  });

  test("knows no recall of a class that the set lacks", () => {
    const logits = { samples: 1, classes: 2, values: Int32Array.of(1, 0) };
    expect(recallsOf(evaluationOf(logits, Uint8Array.of(0), ["a", "b"]))).toEqual([1, undefined]);
  });

  test("decides claims", () => {
    const origin = { source: { path: "m.bnm", text: "" }, start: 0, end: 0 };
    const claim = (name: string, settings: Record<string, unknown>, comparison: Claim["comparison"], bound: number): Claim => ({
      mode: "expect",
      subject: { name, arguments: settings },
      comparison,
      bound,
      dimension: "share",
      origin,
    });
    const claims = [
      claim("accuracy", {}, ">=", 0.75),
      claim("accuracy", {}, ">", 0.75),
      claim("recall", { class: "b" }, ">=", 0.6),
      claim("recall", { class: "nobody" }, ">=", 0),
      { ...claim("flash", {}, "<=", 100), mode: "require" as const },
    ];
    const results = decideClaims(claims, evaluation);
    expect(results.map(({ value, holds }) => [value, holds])).toEqual([
      [0.75, true],
      [0.75, false],
      [0.5, false],
      [NaN, false],
    ]);
  });
});

describe("a NumPy file", () => {
  test("has an aligned header and little-endian values", () => {
    const bytes = npyOf({ samples: 2, classes: 3, values: Int32Array.of(1, -2, 3, 4, 5, 2 ** 30) });
    const view = new DataView(bytes.buffer);
    expect([...bytes.subarray(0, 8)]).toEqual([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
    const start = 10 + view.getUint16(8, true);
    expect(start % 64).toBe(0);
    const header = new TextDecoder().decode(bytes.subarray(10, start));
    expect(header).toMatch(/^\{'descr': '<i4', 'fortran_order': False, 'shape': \(2, 3\), \} *\n$/);
    expect([1, -2, 3, 4, 5, 2 ** 30].map((_, i) => view.getInt32(start + 4 * i, true))).toEqual([1, -2, 3, 4, 5, 2 ** 30]);
    expect(bytes.length).toBe(start + 24);
  });
});
