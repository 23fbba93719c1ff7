import type { Random } from "../../random.js";

/** A smooth random displacement of every pixel of one axis, as `height` rows of `width`. */
export type Bend = (into: Float32Array, amplitude: number, random: Random) => void;

/** The root mean square of a field of cubic B-splines with standard normal coefficients: sum of b² averaged, per axis. */
const splinePower = 151 / 315;

/**
 * Prepares random fields as smooth as white noise behind a Gaussian of `smoothness` pixels: normal coefficients on a
 * coarse grid, joined by uniform cubic B-splines, whose spread is the grid's spacing over √3.
 */
export function bender(height: number, width: number, smoothness: number): Bend {
  const spacing = smoothness * Math.sqrt(3);
  const [down, across] = [splines(height, spacing), splines(width, spacing)];
  const coefficients = new Float32Array(down.knots * across.knots);
  const row = new Float32Array(across.knots);
  return (into, amplitude, random) => {
    for (let i = 0; i < coefficients.length; i++) coefficients[i] = (random.normal() * amplitude) / splinePower;
    for (let y = 0; y < height; y++) {
      const [v0, v1, v2, v3] = weightsAt(down, y);
      const first = down.first[y]! * across.knots;
      for (let k = 0; k < row.length; k++) {
        const at = first + k;
        row[k] =
          v0 * coefficients[at]! +
          v1 * coefficients[at + across.knots]! +
          v2 * coefficients[at + 2 * across.knots]! +
          v3 * coefficients[at + 3 * across.knots]!;
      }
      for (let x = 0; x < width; x++) {
        const k = across.first[x]!;
        const w = 4 * x;
        into[y * width + x] =
          across.weights[w]! * row[k]! + across.weights[w + 1]! * row[k + 1]! + across.weights[w + 2]! * row[k + 2]! + across.weights[w + 3]! * row[k + 3]!;
      }
    }
  };
}

/** The four splines that reach each of `count` pixels: the first one and the weights. */
interface Splines {
  readonly knots: number;
  readonly first: Int32Array;
  readonly weights: Float32Array;
}

function splines(count: number, spacing: number): Splines {
  const first = Int32Array.from({ length: count }, (_, i) => Math.floor(i / spacing));
  const weights = Float32Array.from({ length: 4 * count }, (_, i) => {
    const pixel = Math.floor(i / 4);
    const t = pixel / spacing - first[pixel]!;
    return [(1 - t) ** 3, 3 * t ** 3 - 6 * t ** 2 + 4, -3 * t ** 3 + 3 * t ** 2 + 3 * t + 1, t ** 3][i % 4]! / 6;
  });
  return { knots: first[count - 1]! + 4, first, weights };
}

const weightsAt = ({ weights }: Splines, i: number): readonly [number, number, number, number] => [
  weights[4 * i]!,
  weights[4 * i + 1]!,
  weights[4 * i + 2]!,
  weights[4 * i + 3]!,
];
