import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawPlaces, gridSize, parseSwept, variantsOf } from "./grid.js";

describe("what is swept", () => {
  it.each([
    ["width=16,32", "width", ["16", "32"]],
    ["hidden=[64,64],[96,48], [32]", "hidden", ["[64,64]", "[96,48]", "[32]"]],
    ["rate=cosine(from: 0.01, to: 0),halve(from: 0.01, at: 2)", "rate", ["cosine(from: 0.01, to: 0)", "halve(from: 0.01, at: 2)"]],
    ['entry="a,b","c"', "entry", ['"a,b"', '"c"']],
    ["width=16,16,32", "width", ["16", "32"]],
    ["nested=[[1,2],[3]],[4]", "nested", ["[[1,2],[3]]", "[4]"]],
  ])("%s", (text, name, values) => {
    expect(parseSwept(text)).toEqual({ name, values });
  });

  it.each(["width", "width=", "=16", "width=16,", "width=,16", "width=16,,32"])("is refused when it is %s", (text) => {
    expect(parseSwept(text)).toBeUndefined();
  });
});

describe("a grid", () => {
  const swept = [
    { name: "width", values: ["16", "32"] },
    { name: "weights", values: ["2bitsym", "4bitsym", "8bit"] },
  ];

  it("has every combination, the last name changing fastest", () => {
    expect(variantsOf(swept).map(({ width, weights }) => `${width} ${weights}`)).toEqual([
      "16 2bitsym",
      "16 4bitsym",
      "16 8bit",
      "32 2bitsym",
      "32 4bitsym",
      "32 8bit",
    ]);
    expect(gridSize(swept)).toBe(6);
    expect(Object.keys(variantsOf(swept)[0]!)).toEqual(["width", "weights"]);
  });

  it("gives as many different places as asked for, the same for the same seed", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e12 }), fc.integer({ min: 1, max: 20 }), fc.nat(), (size, count, seed) => {
        const places = drawPlaces(size, count, seed);
        expect(new Set(places).size).toBe(Math.min(size, count));
        expect(places.every((place) => place >= 0 && place < size)).toBe(true);
        expect(places).toEqual([...places].sort((a, b) => a - b));
        expect(drawPlaces(size, count, seed)).toEqual(places);
      }),
    );
    expect(drawPlaces(1000, 5, 1)).not.toEqual(drawPlaces(1000, 5, 2));
  });

  it("draws every place equally often", () => {
    const times = new Array<number>(6).fill(0);
    for (let seed = 0; seed < 3000; seed++) for (const place of drawPlaces(6, 2, seed)) times[place]!++;
    for (const count of times) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });
});
