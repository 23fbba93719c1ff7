import { describe, expect, it } from "vitest";
import { random } from "../../random.js";
import { DataError } from "../data-error.js";
import type { Augment, Samples } from "../samples.js";
import affine from "./affine.js";
import elastic from "./elastic.js";
import jitter from "./jitter.js";
import rotate from "./rotate.js";
import shift from "./shift.js";
import zoom from "./zoom.js";

const SIDE = 28;
const still = { rotate: 0, shift: 0, zoom: 0, shear: 0 };

const image = (lit: (x: number, y: number) => boolean): Uint8Array =>
  Uint8Array.from({ length: SIDE * SIDE }, (_, i) => (lit(i % SIDE, Math.floor(i / SIDE)) ? 200 : 0));
/** Originals of a shape, with this sample. */
const like = (values: Samples["values"], shape: readonly number[] = [SIDE, SIDE]): Samples => ({
  shape,
  count: 1,
  values,
  labels: new Uint8Array(1),
});
const square = image((x, y) => x >= 8 && x < 20 && y >= 8 && y < 20);

const images = like(square);

/** What 200 draws make of an image. */
const draws = (augment: Augment, from = square): readonly Uint8Array[] => {
  const source = random("draws");
  return Array.from({ length: 200 }, () => {
    const to = new Uint8Array(from.length).fill(77);
    augment(from, to, source);
    return to;
  });
};

/** Bounds of what is lit: columns, then rows. */
function bounds(values: Uint8Array): {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
} {
  const lit = [...values.keys()].filter((i) => values[i]! > 0);
  const [columns, rows] = [lit.map((i) => i % SIDE), lit.map((i) => Math.floor(i / SIDE))];
  return { left: Math.min(...columns), right: Math.max(...columns), top: Math.min(...rows), bottom: Math.max(...rows) };
}

const extremes = (values: readonly number[]): readonly [number, number] => [Math.min(...values), Math.max(...values)];

describe("augmentations", () => {
  const idle: readonly (readonly [string, Augment])[] = [
    ["rotate", rotate.prepare(images, { angle: 0 })],
    ["shift", shift.prepare(images, { share: 0 })],
    ["zoom", zoom.prepare(images, { share: 0 })],
    ["affine", affine.prepare(images, still)],
    ["elastic", elastic.prepare(images, { alpha: 40, sigma: 4, chance: 0 })],
    ["elastic without reach", elastic.prepare(images, { alpha: 0, sigma: 4, chance: 1 })],
    ["jitter", jitter.prepare(images, { share: 0 })],
  ];
  it.each(idle)("%s changes nothing when told so", (_, augment) => {
    expect(draws(augment).filter((drawn) => drawn.join() !== square.join())).toEqual([]);
  });

  it.each([rotate, shift, zoom, affine, elastic].map((each) => [each.name, each] as const))("%s needs images", (_, { prepare }) => {
    expect(() => prepare(like(square, [784]), { ...still, angle: 1, share: 0, alpha: 1, sigma: 1, chance: 1 })).toThrow(DataError);
  });

  it("shift moves by up to the share, both ways and on both axes", () => {
    const moved = draws(shift.prepare(images, { share: 0.1 })).map(bounds);
    expect(extremes(moved.map(({ left }) => left - 8))).toEqual([-3, 3]);
    expect(extremes(moved.map(({ bottom }) => bottom - 19))).toEqual([-3, 3]);
    for (const { left, right, top, bottom } of moved) expect([right - left, bottom - top]).toEqual([11, 11]);
  });

  it("zoom makes larger and smaller by up to the share", () => {
    const widths = draws(zoom.prepare(images, { share: 0.25 })).map((drawn) => bounds(drawn).right - bounds(drawn).left + 1);
    expect(extremes(widths)).toEqual([9, 15].map((width) => expect.toSatisfy((side: number) => Math.abs(side - width) <= 1)));
  });

  it("rotate turns by up to the angle, both ways", () => {
    const bar = image((x, y) => x === 14 && y > 3 && y < 25);
    const tilts = draws(rotate.prepare(images, { angle: 10 }), bar).map((drawn) => {
      const top = [...drawn.subarray(4 * SIDE, 5 * SIDE).keys()].find((x) => drawn[4 * SIDE + x]! > 0);
      return (top ?? 14) - 14;
    });
    // Ten pixels above the centre, 10 degrees are 1.8 pixels.
    expect(extremes(tilts)).toEqual([-2, 2].map((tilt) => expect.toSatisfy((found: number) => Math.abs(found - tilt) <= 1 && found !== 0)));
  });

  it("affine does all of it in one step", () => {
    const shifted = draws(affine.prepare(images, { ...still, shift: 0.1 })).map(bounds);
    expect(extremes(shifted.map(({ left }) => left - 8))).toEqual([-3, 3]);
    const sheared = draws(affine.prepare(images, { ...still, shear: 20 })).map(bounds);
    expect(Math.max(...sheared.map(({ left, right }) => right - left))).toBeGreaterThan(12);
    for (const { top, bottom } of sheared) expect([top, bottom]).toEqual([8, 19]);
  });

  it("elastic deforms as often as told", () => {
    const deformed = draws(elastic.prepare(images, { alpha: 40, sigma: 4, chance: 0.5 })).filter((drawn) => drawn.join() !== square.join());
    expect(deformed.length).toBeGreaterThan(70);
    expect(deformed.length).toBeLessThan(130);
  });

  it("jitter adds noise of the deviation, and stays within a byte", () => {
    const grey = new Uint8Array(SIDE * SIDE).fill(128);
    const noise = draws(jitter.prepare(images, { share: 0.1 }), grey).flatMap((drawn) => [...drawn].map((byte) => byte - 128));
    const deviation = Math.sqrt(noise.reduce((sum, each) => sum + each * each, 0) / noise.length);
    expect(deviation).toBeGreaterThan(25);
    expect(deviation).toBeLessThan(26);
    const white = draws(
      jitter.prepare(images, { share: 0.1 }),
      grey.map(() => 255),
    );
    expect(Math.min(...white.map((drawn) => Math.min(...drawn)))).toBeGreaterThan(100);
  });
});
