import { describe, expect, it } from "vitest";
import { DataError } from "../data-error.js";
import { idxSamples, parseIdx } from "./idx.js";

const header = (type: number, ...sides: readonly number[]): readonly number[] => [
  0,
  0,
  type,
  sides.length,
  ...sides.flatMap((side) => [0, 0, side >> 8, side & 255]),
];
const file = (...parts: readonly (readonly number[])[]): Uint8Array => Uint8Array.from(parts.flat());

describe("parseIdx", () => {
  it("reads shape and values, also from within a larger buffer", () => {
    const bytes = file([7], header(8, 2, 1, 3), [1, 2, 3, 4, 5, 6]).subarray(1);
    expect(parseIdx(bytes, "f")).toEqual({ shape: [2, 1, 3], values: Uint8Array.of(1, 2, 3, 4, 5, 6) });
  });

  const refusals: readonly (readonly [string, Uint8Array, string])[] = [
    ["an empty file", file(), "f is not an IDX file"],
    ["another format", Uint8Array.from("PNG…", (c) => c.charCodeAt(0)), "f is not an IDX file"],
    ["other elements", file(header(0x0d, 1), [0, 0, 0, 0]), "f holds elements of type 0x0d, not unsigned bytes (0x08)"],
    ["no dimensions", file([0, 0, 8, 0]), "f ends within its header"],
    ["a cut header", file(header(8, 2, 3)).subarray(0, 9), "f ends within its header"],
    ["missing values", file(header(8, 2, 3), [1, 2, 3, 4, 5]), "f announces 2 x 3 = 6 bytes but holds 5"],
    ["surplus values", file(header(8, 1), [1, 2]), "f announces 1 = 1 bytes but holds 2"],
  ];
  it.each(refusals)("refuses %s", (_, bytes, message) => {
    expect(() => parseIdx(bytes, "f")).toThrow(DataError);
    expect(() => parseIdx(bytes, "f")).toThrow(message);
  });
});

describe("idxSamples", () => {
  const images = { shape: [2, 1, 3], values: new Uint8Array(6) };
  const labels = { shape: [2], values: Uint8Array.of(1, 0) };

  it("joins images and labels", () => {
    expect(idxSamples(images, labels, "f")).toEqual({ shape: [1, 3], count: 2, values: images.values, labels: labels.values });
  });

  it("refuses other counts and swapped files", () => {
    expect(() => idxSamples(images, { shape: [3], values: new Uint8Array(3) }, "f")).toThrow("f: 2 images but 3 labels");
    expect(() => idxSamples(labels, images, "f")).toThrow("only one dimension");
    expect(() => idxSamples(images, images, "f")).toThrow("3 dimensions instead of one");
  });
});
