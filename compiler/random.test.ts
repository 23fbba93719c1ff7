import { expect, test } from "vitest";
import { normalOf, random } from "./random.js";

test("a key names a stream for ever", () => {
  const { bits } = random(1, "augment", 3);
  expect([bits(), bits(), bits()]).toEqual([633686536, 3065470843, 1366351598]);
});

test("many bits at once are those that would come one by one", () => {
  const [one, other] = [random("fill"), random("fill")];
  const words = new Uint32Array(5);
  for (const _ of [1, 2]) {
    one.fill(words);
    expect([...words]).toEqual(Array.from(words, () => other.bits()));
  }
  expect(one.normal()).toBe(normalOf(other.bits(), other.bits()));
});
