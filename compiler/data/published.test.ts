import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { catalog } from "#compiler/catalog/index.js";
import type { Application, Chain } from "#compiler/ir/application.js";
import type { Samples } from "#compiler/catalog/samples.js";
import { random } from "#compiler/random.js";
import { prepareDataset } from "./dataset.js";
import { epochSamples } from "./epoch.js";

// Weights are published with the command and the seed that trained them. If one of these changes, they are not reproduced.

const apply = (name: string, settings: Readonly<Record<string, unknown>> = {}): Application => ({ name, arguments: settings });
const resize = (height: number, width: number): Application => apply("resize", { height, width });
const standardize = (settings: Readonly<Record<string, unknown>> = {}): Application =>
  apply("standardize", { mean: 0.1307, deviation: 0.3081, per: "given", ...settings });
const deform = (settings: Readonly<Record<string, unknown>>): Application =>
  apply("deform", { rotate: 0, shift: 0, zoom: 0, stretch: 0, shear: 0, bend: 0, smoothness: 5, ...settings });
const richly = deform({ rotate: 10, shift: 0.07, zoom: 0.1, stretch: 0.03, shear: 4.6, bend: 0.9 });

/** Images of bytes, half of them black, or series of readings. */
function samples(kind: "images" | "series", shape: readonly number[], count: number): Samples {
  const source = random("published", kind, ...shape);
  const length = count * shape.reduce((product, extent) => product * extent);
  const values =
    kind === "images"
      ? Uint8Array.from({ length }, () => Math.max(0, source.below(512) - 256))
      : Float32Array.from({ length }, () => source.normal());
  return { shape, count, values, labels: Uint8Array.from({ length: count }, (_, i) => i % 3) };
}

const cases: readonly (readonly [string, Samples, Chain, Chain, string])[] = [
  ["deform", samples("images", [28, 28], 701), [resize(16, 16), standardize()], [richly], "c74e6cbb7f7cf442"],
  [
    "deform and crop",
    samples("images", [28, 28], 501),
    [resize(16, 16), apply("crop", { height: 12, width: 12 }), standardize()],
    [deform({ rotate: 5, bend: 0.4 })],
    "1a95ef0eefa0ad47",
  ],
  [
    "deform odd sides, far",
    samples("images", [13, 9], 501),
    [resize(20, 7)],
    [deform({ rotate: 180, shift: 0.5, bend: 4, smoothness: 1.5 })],
    "1fa2af658ce598cd",
  ],
  [
    "rotate and affine",
    samples("images", [28, 28], 501),
    [resize(16, 16), standardize()],
    [apply("rotate", { angle: 10 }), apply("affine", { rotate: 10, shift: 0.1, zoom: 0.1, shear: 3 })],
    "19f753d5c458523a",
  ],
  [
    "elastic, shift and zoom",
    samples("images", [20, 14], 101),
    [standardize({ per: "set" })],
    [apply("elastic", { alpha: 30, sigma: 4, chance: 0.5 }), apply("shift", { share: 0.2 }), apply("zoom", { share: 0.2 })],
    "c0fb17a48de31542",
  ],
  ["jitter of bytes", samples("images", [12, 12], 101), [], [apply("jitter", { share: 0.1 })], "601be179506de828"],
  [
    "warp, gain and jitter",
    samples("series", [21, 3], 101),
    [apply("subsample", { frames: 3 }), standardize({ per: "feature" })],
    [apply("warp", { shift: 0.1, stretch: 0.2 }), apply("gain", { share: 0.2 }), apply("jitter", { share: 0.1 })],
    "2b774baf0cf1813c",
  ],
];

/** As samples were scaled when these weights were trained. */
const bySample = { name: "scale", arguments: { per: "sample", clip: 0 } };

test.each(cases)("%s gives the samples that published weights were trained with", (_, train, transforms, augment, published) => {
  const splits = { train, test: train, classes: ["a", "b", "c"], origin: "random samples" };
  const dataset = prepareDataset(splits, { transforms: [...transforms, bySample], augment }, catalog);
  const hash = createHash("sha256").update(dataset.test.values);
  for (const epoch of [0, 3]) {
    const { values, labels, places } = epochSamples(dataset, { seed: 7, epoch, originals: "keep", pool: 2 });
    hash.update(values).update(labels).update(Uint32Array.from(places));
  }
  expect(hash.digest("hex").slice(0, 16)).toBe(published);
});
