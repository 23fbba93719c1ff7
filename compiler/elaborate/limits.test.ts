import { expect, test } from "vitest";
import { load } from "./load.js";
import { elaborate } from "./elaborate.js";

/** What nobody writes is refused before it costs the compiler its stack. */

const codesIn = (text: string): readonly string[] => {
  const loaded = load("deep.bnm", text, () => undefined);
  return [...loaded.diagnostics, ...elaborate(loaded.value, { targets: [] }).diagnostics].map(({ code }) => code);
};

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);
const model = (stages: string): string => `model net { weights: 8bit input i8[64] -> ${stages} -> dense(10) }\n`;

const params = (count: number): string =>
  [...range(count).map((i) => `param p${i} = p${i + 1}\n`), `param p${count} = 16\n`, model("dense(p0) -> relu")].join("");
const blocks = (count: number): string =>
  [...range(count).map((i) => `block b${i}(n) { b${i + 1}(n) }\n`), `block b${count}(n) { dense(n) -> relu }\n`, model("b0(16)")].join("");

test.each([
  ["params", params],
  ["blocks", blocks],
])("%s may lie behind two hundred others, and no more", (_, text) => {
  expect(codesIn(text(199))).toEqual([]);
  expect(codesIn(text(201))).toEqual(["too-many-steps"]);
  expect(codesIn(text(5000))).toContain("too-many-steps");
});
