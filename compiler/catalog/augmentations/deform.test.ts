import { expect, test } from "vitest";
import { random } from "../../random.js";
import { bender, type Place } from "../image/bend.js";
import { bent, field } from "../image/testing/bent.js";
import deform from "./deform.js";

const still = { rotate: 0, shift: 0, zoom: 0, stretch: 0, shear: 0, bend: 0, smoothness: 5 };
const [height, width] = [20, 28];
const source = random(1, "deform");
const image = Uint8Array.from({ length: height * width }, () => source.below(256));

const images = { shape: [height, width], count: 1, values: image, labels: new Uint8Array(1) };

test("without a change the image stays as it is", () => {
  const to = new Uint8Array(image.length);
  deform.prepare(images, still)(image, to, random(1));
  expect(to).toEqual(image);
});

test("bends wander as far as they are told, on average", () => {
  const draws = random(2, "bend");
  let squares = 0;
  for (let i = 0; i < 400; i++)
    squares += field(height, width, 5, 0.9, draws).reduce((sum, value) => sum + value * value, 0) / (height * width);
  expect(Math.sqrt(squares / 400)).toBeCloseTo(0.9, 1);
});

test("pixels are read between their neighbours, and 0 outside", () => {
  const to = new Uint8Array(4);
  bender(2, 2, 5)(Uint8Array.of(0, 100, 200, 50), to, [1, 0, 0.5, 0, 1, 0], 0, random(1));
  expect([...to]).toEqual([50, 50, 125, 25]);
});

test.each([
  [28, 28, 5],
  [9, 13, 1],
  [1, 1, 3],
  [2, 3, 0.5],
  [33, 6, 20],
])("images of %i x %i, smooth over %f, are bent as pixel by pixel", (rows, columns, smoothness) => {
  const bend = bender(rows, columns, smoothness);
  const draw = random(4, "places", rows, columns);
  for (let turn = 0; turn < 20; turn++) {
    const pixels = Uint8Array.from({ length: rows * columns }, () => draw.below(256));
    // Some leave the image altogether.
    const reach = turn % 4 === 0 ? 3 * columns : 2;
    const place: Place = [
      draw.between(0.5, 1.5),
      draw.between(-1, 1),
      draw.between(-reach, reach),
      draw.between(-1, 1),
      draw.between(0.5, 1.5),
      draw.between(-reach, reach),
    ];
    const to = new Uint8Array(pixels.length);
    bend(pixels, to, place, turn / 10, random(turn));
    expect(to).toEqual(bent(pixels, rows, columns, smoothness, place, turn / 10, random(turn)));
  }
});

test.each(["rotate", "shift", "zoom", "stretch", "shear", "bend"] as const)(
  "%s alone changes the image and keeps its brightness",
  (name) => {
    const blob = Uint8Array.from(image, (_, i) => (Math.hypot((i % width) - 13.5, Math.floor(i / width) - 9.5) < 5 ? 200 : 0));
    const to = new Uint8Array(blob.length);
    const augment = deform.prepare(images, { ...still, [name]: name === "rotate" || name === "shear" ? 20 : name === "bend" ? 1 : 0.1 });
    augment(
      blob.map((value, i) => (i % width < 14 ? value : value / 2)),
      to,
      random(3),
    );
    const total = (pixels: Uint8Array): number => pixels.reduce((sum, value) => sum + value, 0);
    expect(to).not.toEqual(blob);
    expect(total(to) / total(blob)).toBeGreaterThan(0.5);
    expect(total(to) / total(blob)).toBeLessThan(1.2);
  },
);
