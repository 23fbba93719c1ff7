import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { catalog } from "#compiler/catalog/index.js";
import type { Samples } from "#compiler/catalog/samples.js";
import { prepareDataset } from "#compiler/data/dataset.js";
import { type EpochSamples, epochSamples } from "#compiler/data/epoch.js";
import { random } from "#compiler/random.js";
import { feedAhead } from "./ahead.js";

function images(count: number): Samples {
  const source = random("images", count);
  const values = Uint8Array.from({ length: 36 * count }, () => source.below(256));
  return { shape: [6, 6], count, values, labels: Uint8Array.from({ length: count }, (_, i) => i % 3) };
}

const data = prepareDataset(
  { train: images(1203), test: images(1), classes: ["a", "b", "c"], origin: "random images" },
  {
    // Measured on all samples: threads must find the same as this one.
    transforms: [
      { name: "resize", arguments: { height: 4, width: 4 } },
      { name: "standardize", arguments: { mean: 0, deviation: 1, per: "set" } },
      { name: "scale", arguments: { per: "feature", clip: 0.01 } },
    ],
    augment: [{ name: "rotate", arguments: { angle: 30 } }],
  },
  catalog,
  { element: "u4" },
);

test.each([Infinity, 2])(
  "epochs that threads make ahead are those that one thread makes when it is asked, with a pool of %s epochs",
  async (pool) => {
    const folder = mkdtempSync(join(tmpdir(), "bnmc-feed-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const poolFolder = join(folder, "pool");
    const feed = feedAhead({ data, seed: 7, originals: "keep", pool, epochs: 4, first: 1, poolFolder }, 2);
    try {
      for (const epoch of [1, 2, 3, 0]) {
        const expected: EpochSamples = epochSamples(data, { seed: 7, originals: "keep", pool, epoch });
        expect(await feed.samples(epoch)).toEqual(expected);
      }
      expect(existsSync(poolFolder)).toBe(pool === 2);
    } finally {
      feed.close();
    }
    await expect.poll(() => existsSync(poolFolder)).toBe(false);
  },
);
