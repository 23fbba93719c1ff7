import { expect, test } from "vitest";
import { normalOf, random } from "../../random.js";
import { startModule } from "../../wasm/start.js";
import { normalsFunction } from "./normals-function.js";

const count = 64;
const results = 8 * count;
const { run, memory } = startModule({ draw: normalsFunction({ count, words: 0, results }) }, results + 8 * count);
const words = new Uint32Array(memory.buffer, 0, 2 * count);
const found = new Float64Array(memory.buffer, results, count);

/** Whether the function is sure of all numbers; it must be right then. */
function isSure(amplitude: number, divisor: number): boolean {
  if (run["draw"]!(amplitude, divisor) !== 0) return false;
  const exact = Array.from({ length: count }, (_, i) => Math.fround((normalOf(words[2 * i]!, words[2 * i + 1]!) * amplitude) / divisor));
  expect(Array.from(found, (value) => value + 0)).toEqual(exact.map((value) => value + 0));
  return true;
}

test("normal numbers are those of `normalOf` in float32, nearly always without asking it", () => {
  const source = random("normals");
  let sure = 0;
  for (let turn = 0; turn < 500; turn++) {
    source.fill(words);
    if (isSure(source.uniform(), 151 / 315)) sure++;
  }
  expect(sure).toBeGreaterThan(480);
});

test("they are also at the ends of what words can be, and at no amplitude", () => {
  const ends = [0, 1, 2, 0x3fffffff, 0x40000001, 0x7fffffff, 0x80000000, 0x80000001, 0xbfffffff, 0xc0000001, 0xfffffffe, 0xffffffff];
  for (const first of ends) {
    for (const second of ends) {
      words.forEach((_, i) => (words[i] = i % 2 === 0 ? first : second));
      // Numbers of 2^-46 and less may be in doubt.
      if (first > 2) expect(isSure(0.7, 1.5)).toBe(true);
      else isSure(0.7, 1.5);
      expect(isSure(0, 1.5)).toBe(true);
    }
  }
});

test("where a cosine is nearly 0 they are in doubt, too", () => {
  words.fill(0x40000000);
  expect(isSure(0.7, 1.5)).toBe(false);
});
