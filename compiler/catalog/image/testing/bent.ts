import type { Random } from "../../../random.js";
import type { Place } from "../bend.js";
import { type Splines, splinePower, splines } from "../splines.js";

/** What `bender` promises, pixel by pixel. */
export function bent(
  image: Uint8Array,
  height: number,
  width: number,
  smoothness: number,
  place: Place,
  amplitude: number,
  random: Random,
): Uint8Array {
  const [right, down] = [field(height, width, smoothness, amplitude, random), field(height, width, smoothness, amplitude, random)];
  const [a, b, c, d, e, f] = place;
  return Uint8Array.from(image, (_, i) => {
    const [y, x] = [Math.floor(i / width), i % width];
    return bilinear(image, height, width, a * x + b * y + c + right[i]!, d * x + e * y + f + down[i]!) + 0.5;
  });
}

/** A displacement of every pixel along one axis. */
export function field(height: number, width: number, smoothness: number, amplitude: number, random: Random): Float32Array {
  const spacing = smoothness * Math.sqrt(3);
  const [down, across] = [splines(height, spacing), splines(width, spacing)];
  const { knots } = across;
  const grid = Float32Array.from({ length: down.knots * knots }, () => (random.normal() * amplitude) / splinePower);
  const joined = (splines: Splines, pixel: number, valueAt: (knot: number) => number): number =>
    [0, 1, 2, 3].map((i) => splines.weights[4 * pixel + i]! * valueAt(splines.first[pixel]! + i)).reduce((sum, term) => sum + term);
  const lines = Float32Array.from({ length: height * knots }, (_, i) =>
    joined(down, Math.floor(i / knots), (knot) => grid[knot * knots + (i % knots)]!),
  );
  return Float32Array.from({ length: height * width }, (_, i) =>
    joined(across, i % width, (knot) => lines[Math.floor(i / width) * knots + knot]!),
  );
}

/** The image at a place between pixels. */
function bilinear(image: Uint8Array, height: number, width: number, x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const pixel = (row: number, column: number): number =>
    row < 0 || row >= height || column < 0 || column >= width ? 0 : image[row * width + column]!;
  const between = (first: number, second: number, share: number): number => first + (second - first) * share;
  const along = (row: number): number => between(pixel(row, left), pixel(row, left + 1), x - left);
  return between(along(top), along(top + 1), y - top);
}
