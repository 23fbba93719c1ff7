import { expect, test } from "vitest";
import { random } from "../../random.js";
import { bender } from "../image/bend.js";
import { moveBilinear } from "../image/bilinear.js";
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
  const field = new Float32Array(height * width);
  const bend = bender(height, width, 5);
  const draws = random(2, "bend");
  let squares = 0;
  for (let i = 0; i < 400; i++) {
    bend(field, 0.9, draws);
    squares += field.reduce((sum, value) => sum + value * value, 0) / field.length;
  }
  expect(Math.sqrt(squares / 400)).toBeCloseTo(0.9, 1);
});

test("pixels are read between their neighbours, and 0 outside", () => {
  const to = new Uint8Array(4);
  const none = new Float32Array(4);
  moveBilinear(Uint8Array.of(0, 100, 200, 50), to, 2, 2, [1, 0, 0.5, 0, 1, 0], none, none);
  expect([...to]).toEqual([50, 50, 125, 25]);
});

test.each(["rotate", "shift", "zoom", "stretch", "shear", "bend"] as const)("%s alone changes the image and keeps its brightness", (name) => {
  const blob = Uint8Array.from(image, (_, i) => (Math.hypot((i % width) - 13.5, Math.floor(i / width) - 9.5) < 5 ? 200 : 0));
  const to = new Uint8Array(blob.length);
  const augment = deform.prepare(images, { ...still, [name]: name === "rotate" || name === "shear" ? 20 : name === "bend" ? 1 : 0.1 });
  augment(blob.map((value, i) => (i % width < 14 ? value : value / 2)), to, random(3));
  const total = (pixels: Uint8Array): number => pixels.reduce((sum, value) => sum + value, 0);
  expect(to).not.toEqual(blob);
  expect(total(to) / total(blob)).toBeGreaterThan(0.5);
  expect(total(to) / total(blob)).toBeLessThan(1.2);
});
