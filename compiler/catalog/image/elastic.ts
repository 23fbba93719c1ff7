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
  const rows = smoothing(height, sigma);
  const columns = smoothing(width, sigma);
  const middle = new Float64Array(height * width);
  const smooth = (noise: Float64Array): void => {
    apply(columns, noise, middle, { count: height, next: width, step: 1 });
    apply(rows, middle, noise, { count: width, next: 1, step: width });
  };
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

/** Row i holds the weights with which the inputs make the smoothed value i; the edges mirror, without repeating themselves. */
function smoothing(size: number, sigma: number): Float64Array {
  // torchvision's kernel: the next odd length from 8 sigma + 1.
  const reach = Math.floor((Math.floor(8 * sigma + 1) | 1) / 2);
  const taps = Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-0.5 * ((i - reach) / sigma) ** 2));
  const total = taps.reduce((sum, tap) => sum + tap, 0);
  const weights = new Float64Array(size * size);
  for (let i = 0; i < size; i++) taps.forEach((tap, k) => (weights[i * size + mirror(i + k - reach, size)]! += tap / total));
  return weights;
}

function mirror(position: number, size: number): number {
  if (size === 1) return 0;
  const period = 2 * (size - 1);
  const folded = ((position % period) + period) % period;
  return folded < size ? folded : period - folded;
}

/** Lines through an image: along its rows or along its columns. */
interface Lines {
  readonly count: number;
  /** From the start of one line to that of the next. */
  readonly next: number;
  /** From one value of a line to the next. */
  readonly step: number;
}

/** Multiplies each line by the square matrix `weights`. */
function apply(weights: Float64Array, from: Float64Array, to: Float64Array, { count, next, step }: Lines): void {
  const size = Math.sqrt(weights.length);
  for (let line = 0; line < count; line++) {
    const start = line * next;
    let i = 0;
    for (; i + 4 <= size; i += 4)
      fourProducts(weights.subarray(i * size, (i + 4) * size), from, to, start, start + i * step, step);
    for (; i < size; i++) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += weights[i * size + k]! * from[start + k * step]!;
      to[start + i * step] = sum;
    }
  }
}

/** Four sums that do not wait for each other: twice as fast as one after the other. */
function fourProducts(
  rows: Float64Array,
  from: Float64Array,
  to: Float64Array,
  start: number,
  target: number,
  step: number,
): void {
  const size = rows.length / 4;
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let k = 0, index = start; k < size; k++, index += step) {
    const value = from[index]!;
    a += rows[k]! * value;
    b += rows[k + size]! * value;
    c += rows[k + 2 * size]! * value;
    d += rows[k + 3 * size]! * value;
  }
  to[target] = a;
  to[target + step] = b;
  to[target + 2 * step] = c;
  to[target + 3 * step] = d;
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

function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
}
