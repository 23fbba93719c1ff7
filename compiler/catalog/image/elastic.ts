import { rooms, startModule } from "../../wasm/start.js";
import { roundHalfEven } from "../round-half-even.js";
import { productFunction, strideOf } from "./product-function.js";

/**
 * Elastic deformation as torchvision's `ElasticTransform` does it: every pixel is moved by noise that a Gaussian has
 * smoothed, and read bilinearly, with black outside the image.
 */
export interface Elastic {
  /** How far pixels move. */
  readonly alpha: number;
  /** How smooth the movement is, in pixels. */
  readonly sigma: number;
}

/** Deforms `from` into `to`; the noise is uniform in [-1, 1), one value for each pixel and direction, and is overwritten. */
export type Deform = (from: Uint8Array, to: Uint8Array, right: Float64Array, down: Float64Array) => void;

/** Prepares deforming images [height, width]. */
export function deformer(height: number, width: number, { alpha, sigma }: Elastic): Deform {
  const smooth = smoother(height, width, sigma);
  // torchvision moves by alpha / size in units in which an image is 2 wide, and divides by the height where one expects the width.
  const [reachRight, reachDown] = [((alpha / height) * width) / 2, ((alpha / width) * height) / 2];
  return (from, to, right, down) => {
    smooth(right);
    smooth(down);
    for (let y = 0, index = 0; y < height; y++) {
      for (let x = 0; x < width; x++, index++) {
        to[index] = readBilinear(from, height, width, x + right[index]! * reachRight, y + down[index]! * reachDown);
      }
    }
  };
}

/** Smooths an image of float64 in place: a product with a matrix for its columns, then one for its rows. */
function smoother(height: number, width: number, sigma: number): (image: Float64Array) => void {
  const [stride, across, down] = [strideOf(width), smoothing(width, sigma), smoothing(height, sigma)];
  const { room, total } = rooms();
  const at = {
    image: room(8 * height * stride),
    middle: room(8 * height * stride),
    across: room(8 * width * stride),
    down: room(8 * height * strideOf(height)),
  };
  const { run, memory } = startModule(
    { across: productFunction(height, width, width), down: productFunction(height, height, width) },
    total(),
  );
  const [values, columns, rows] = [at.image, at.across, at.down].map((address) => new Float64Array(memory.buffer, address)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  across.forEach((weights, to) => weights.forEach((weight, from) => (columns[from * stride + to] = weight)));
  down.forEach((weights, to) => rows.set(weights, to * strideOf(height)));
  return (image) => {
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) values[y * stride + x] = image[y * width + x]!;
    run["across"]!(at.image, at.across, at.middle);
    run["down"]!(at.down, at.middle, at.image);
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) image[y * width + x] = values[y * stride + x]!;
  };
}

/** For each smoothed value of a line: the weights of all its inputs; the edges mirror, without repeating themselves. */
function smoothing(size: number, sigma: number): readonly Float64Array[] {
  // torchvision's kernel: the next odd length from 8 sigma + 1.
  const reach = Math.floor((Math.floor(8 * sigma + 1) | 1) / 2);
  const taps = Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-0.5 * ((i - reach) / sigma) ** 2));
  const total = taps.reduce((sum, tap) => sum + tap, 0);
  return Array.from({ length: size }, (_, i) => {
    const weights = new Float64Array(size);
    taps.forEach((tap, k) => (weights[mirror(i + k - reach, size)]! += tap / total));
    return weights;
  });
}

function mirror(position: number, size: number): number {
  if (size === 1) return 0;
  const period = 2 * (size - 1);
  const folded = ((position % period) + period) % period;
  return folded < size ? folded : period - folded;
}

/** The byte at a place between pixels; what lies outside is black, and mixing with it darkens twice, as in torchvision. */
function readBilinear(image: Uint8Array, height: number, width: number, x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  let [value, inside] = [0, 0];
  for (let row = top; row <= top + 1; row++) {
    if (row < 0 || row >= height) continue;
    for (let column = left; column <= left + 1; column++) {
      if (column < 0 || column >= width) continue;
      const weight = (1 - Math.abs(y - row)) * (1 - Math.abs(x - column));
      value += weight * image[row * width + column]!;
      inside += weight;
    }
  }
  return roundHalfEven(value * inside);
}
