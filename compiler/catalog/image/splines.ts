/** The root mean square of a field of cubic B-splines with standard normal coefficients: sum of b² averaged, per axis. */
export const splinePower = 151 / 315;

/** The four splines that reach each of `count` pixels: the first one and the weights. */
export interface Splines {
  readonly knots: number;
  readonly first: Int32Array;
  readonly weights: Float32Array;
}

/** Uniform cubic B-splines over a line of pixels, `spacing` pixels apart. */
export function splines(count: number, spacing: number): Splines {
  const first = Int32Array.from({ length: count }, (_, i) => Math.floor(i / spacing));
  const weights = Float32Array.from({ length: 4 * count }, (_, i) => {
    const pixel = Math.floor(i / 4);
    const t = pixel / spacing - first[pixel]!;
    return [(1 - t) ** 3, 3 * t ** 3 - 6 * t ** 2 + 4, -3 * t ** 3 + 3 * t ** 2 + 3 * t + 1, t ** 3][i % 4]! / 6;
  });
  return { knots: first[count - 1]! + 4, first, weights };
}
