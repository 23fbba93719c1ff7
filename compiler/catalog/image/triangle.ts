/** Fractional bits of coefficients. */
export const fraction = 22;

/** Coefficients are applied this many at a time. */
export const group = 4;

/** For each output position: where its window starts, and the fixed-point coefficients, some groups of them. */
export interface Windows {
  readonly start: readonly number[];
  readonly coefficients: readonly (readonly number[])[];
  /** Of each window; it is filled up with zeros. */
  readonly groups: number;
}

/** Pillow's triangle filter between lines of these lengths: it widens when it shrinks (antialiasing). */
export function triangles(from: number, to: number): Windows {
  const scale = from / to;
  const support = Math.max(scale, 1);
  const found = Array.from({ length: to }, (_, position) => windowAt((position + 0.5) * scale, support, from));
  const groups = Math.max(...found.map(({ weights }) => Math.ceil(weights.length / group)));
  // Zeros come before the window where they would reach over the end of the line behind it.
  const start = found.map((window) => Math.max(0, Math.min(window.start, from - groups * group)));
  const coefficients = found.map(({ start: first, weights }, position) =>
    Array.from({ length: groups * group }, (_, i) => weights[i + start[position]! - first] ?? 0),
  );
  return { start, coefficients, groups };
}

/** The triangle of one output position, its weights rounded as Pillow rounds them. */
function windowAt(center: number, support: number, from: number): { readonly start: number; readonly weights: readonly number[] } {
  const start = Math.max(Math.trunc(center - support + 0.5), 0);
  const end = Math.min(Math.trunc(center + support + 0.5), from);
  // 1 / support first: that is how Pillow rounds it.
  const triangle = Array.from({ length: end - start }, (_, i) => Math.max(1 - Math.abs((i + start - center + 0.5) * (1 / support)), 0));
  const total = triangle.reduce((sum, weight) => sum + weight, 0);
  return { start, weights: triangle.map((weight) => Math.trunc((weight / total) * 2 ** fraction + 0.5)) };
}
