import { describe, expect, test } from "vitest";
import { networkFrom } from "#compiler/cases/network.js";
import { checkFits } from "./fits.js";

const network = (input: string) => networkFrom(`weights: 8bit input i8[${input}] -> flatten -> dense(2)`);
const classes = ["no", "yes"];
const refusal = (input: string, shape: readonly number[], names = classes): string => {
  try {
    checkFits(network(input), { shape, element: "i8", classes: names });
    return "";
  } catch (error) {
    return `${(error as Error).message} = ${(error as { remedy: string }).remedy}`;
  }
};

describe("samples fit a network", () => {
  test("by their shape, but for axes of one value at the end", () => {
    expect(refusal("8, 8, 1", [8, 8])).toBe("");
    expect(refusal("8, 8", [8, 8, 1])).toBe("");
  });

  test.each([
    [
      "8, 8, 3",
      [3, 8, 8],
      /reads \[8, 8, 3\], but the samples are \[3, 8, 8\] = write `input i8\[3, 8, 8\]`, .*`samples.transpose\(0, 2, 3, 1\)`/,
    ],
    ["3, 64", [64, 3], /`samples.transpose\(0, 2, 1\)`/],
    ["8, 8", [64], /`samples.reshape\(-1, 8, 8\)`, in `csv` by `shape:`/],
    ["8, 8", [8, 7], /write `input i8\[8, 7\]`, or let the dataset make samples of that shape$/],
  ] as const)("not [%s] those of %j, and the way to turn one into the other is said", (input, shape, said) =>
    expect(refusal(input, shape)).toMatch(said),
  );

  test("by their classes, which are named when their number is wrong", () => {
    expect(refusal("4", [4], ["a", "b", "c"])).toMatch(/answers with one of 2 classes, but the data has 3: "a", "b", "c" =/);
    expect(refusal("4", [4], ["a"])).toMatch(/but the data has 1: "a" = give samples of at least two classes/);
  });
});
