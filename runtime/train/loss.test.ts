import { describe, expect, test } from "vitest";
import { classWeightsOf, softmaxCrossEntropy } from "./loss.js";

describe("the loss", () => {
  const alike = Float32Array.of(1, 1, 1, 1);

  test("of a network that knows nothing is the logarithm of the classes", () => {
    expect(softmaxCrossEntropy(new Float32Array(8), { labels: Uint8Array.of(0, 3) }, alike)).toMatchObject({
      loss: expect.closeTo(Math.log(4), 12),
      correct: 1,
    });
  });

  test("stays a number however sure the network is", () => {
    const { loss, gradient } = softmaxCrossEntropy(Float32Array.of(3e38, -3e38, 0, 0), { labels: Uint8Array.of(1) }, alike);
    expect(loss / 6e38).toBeCloseTo(1, 6);
    expect([...gradient].every(Number.isFinite)).toBe(true);
  });

  test("has gradients that add up to zero in each sample", () => {
    const { gradient } = softmaxCrossEntropy(
      Float32Array.of(1, 2, 3, 4, -4, 0.5, 9, 1),
      { labels: Uint8Array.of(2, 0) },
      Float32Array.of(1, 2, 3, 4),
    );
    for (const row of [gradient.subarray(0, 4), gradient.subarray(4)]) expect(row.reduce((sum, slope) => sum + slope, 0)).toBeCloseTo(0, 6);
  });
});

describe("balance: classes", () => {
  const labels = Uint8Array.of(0, 0, 0, 1, 0, 0, 2, 2);

  test("weighs classes by their rarity, with a mean of 1 over the samples", () => {
    const weights = classWeightsOf("classes", labels, 3);
    expect([...weights]).toEqual([8 / 15, 8 / 3, 4 / 3].map(Math.fround));
    expect(labels.reduce((sum, label) => sum + weights[label]!, 0) / labels.length).toBeCloseTo(1, 6);
  });

  test("gives no weight to a class without samples", () => expect([...classWeightsOf("classes", labels, 4)].at(3)).toBe(0));

  test("is off by default: all classes weigh 1", () => expect([...classWeightsOf("none", labels, 3)]).toEqual([1, 1, 1]));
});
