import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { DataHost } from "../samples.js";
import digits from "./digits.js";

const refuse = () => Promise.reject(new Error("digits needs no files"));
const offline: DataHost = { found: refuse, published: refuse, unpack: refuse, own: refuse, names: refuse };
const load = (train: number, test: number, seed = 1) => digits.load(offline, { train, test, seed });

describe("digits", () => {
  it("draws the same bytes from the same seed, always and everywhere", async () => {
    const { train, test } = await load(300, 200);
    const hash = createHash("sha256").update(train.values).update(train.labels).update(test.values).update(test.labels);
    expect(hash.digest("hex")).toMatchInlineSnapshot(`"9d0adab8d9bcd9edb78862f3b7f968f1757740323a73736541d21f06fc475b1d"`);
  });

  it("begins a larger set with the smaller one, and differs between seeds and sets", async () => {
    const [small, large, other] = [await load(20, 20), await load(40, 20), await load(20, 20, 2)];
    expect(large.train.values.subarray(0, small.train.values.length)).toEqual(small.train.values);
    expect(other.train.values).not.toEqual(small.train.values);
    expect(small.test.values).not.toEqual(small.train.values);
  });

  it("has every digit about as often, written in white ink inside the frame", async () => {
    const { train } = await load(1000, 1);
    const values = train.values as Uint8Array;
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < train.count; i++) {
      const image = values.subarray(i * 784, (i + 1) * 784);
      counts[train.labels[i]!]!++;
      expect(Math.max(...image)).toBeGreaterThan(150);
      const ink = image.reduce((sum, byte) => sum + (byte > 100 ? 1 : 0), 0);
      expect(ink).toBeGreaterThan(10);
      expect(ink).toBeLessThan(350);
      const frame = image.filter((_, at) => at < 28 || at >= 756 || at % 28 === 0 || at % 28 === 27);
      expect(frame.reduce((sum, byte) => sum + (byte > 100 ? 1 : 0), 0)).toBeLessThan(20);
    }
    for (const count of counts) expect(count).toBeGreaterThan(70);
  });

  // A human tells them apart; so must a rule that knows nothing but distances, and yet not always.
  it("can be told apart, but not perfectly", async () => {
    const { train, test } = await load(1500, 150);
    let right = 0;
    for (let i = 0; i < test.count; i++) {
      const image = test.values.subarray(i * 784, (i + 1) * 784);
      let nearest = { distance: Infinity, label: -1 };
      for (let j = 0; j < train.count; j++) {
        let distance = 0;
        for (let k = 0; k < 784; k++) distance += (image[k]! - train.values[j * 784 + k]!) ** 2;
        if (distance < nearest.distance) nearest = { distance, label: train.labels[j]! };
      }
      if (nearest.label === test.labels[i]) right++;
    }
    expect(right / test.count).toBeGreaterThan(0.75);
    expect(right / test.count).toBeLessThan(0.97);
  });
});
