/**
 * Resizing bytes as Pillow does it, bit for bit: a triangle filter that widens when it shrinks (antialiasing), its
 * coefficients rounded to 22 fractional bits, first along rows, then along columns, each result rounded to a byte.
 */
const FRACTION = 22;

/** Coefficients are applied this many at a time: that many are in registers while all lines go by. */
const GROUP = 4;

/** For each output position: where its window starts, and the fixed-point coefficients, some groups of them. */
interface Windows {
  readonly start: Int32Array;
  readonly coefficients: Int32Array;
  /** Of each window; it is filled up with zeros. */
  readonly groups: number;
}

function windows(from: number, to: number): Windows {
  const scale = from / to;
  const support = Math.max(scale, 1);
  const found = Array.from({ length: to }, (_, position) => windowAt((position + 0.5) * scale, support, from));
  const groups = Math.max(...found.map(({ weights }) => Math.ceil(weights.length / GROUP)));
  const result = { start: new Int32Array(to), coefficients: new Int32Array(to * groups * GROUP), groups };
  found.forEach(({ start, weights }, position) => {
    // Zeros come before the window where they would reach over the end of the line behind it.
    const first = Math.max(0, Math.min(start, from - groups * GROUP));
    result.start[position] = first;
    result.coefficients.set(weights, position * groups * GROUP + start - first);
  });
  return result;
}

/** The triangle of one output position, its weights rounded as Pillow rounds them. */
function windowAt(center: number, support: number, from: number): { readonly start: number; readonly weights: readonly number[] } {
  const start = Math.max(Math.trunc(center - support + 0.5), 0);
  const end = Math.min(Math.trunc(center + support + 0.5), from);
  // 1 / support first: that is how Pillow rounds it.
  const triangle = Array.from({ length: end - start }, (_, i) =>
    Math.max(1 - Math.abs((i + start - center + 0.5) * (1 / support)), 0),
  );
  const total = triangle.reduce((sum, weight) => sum + weight, 0);
  return { start, weights: triangle.map((weight) => Math.trunc((weight / total) * 2 ** FRACTION + 0.5)) };
}

/** Filters `lines` lines; `step` is the distance between neighbours on a line, `next` that between lines. */
interface Pass {
  readonly lines: number;
  readonly windows: Windows;
  readonly input: { readonly step: number; readonly next: number };
  readonly output: { readonly step: number; readonly next: number };
  /** Room for a number of each line. */
  readonly sums: Int32Array;
}

function filter(from: Uint8Array, offset: number, to: Uint8Array, target: number, pass: Pass): void {
  const { lines, input, output, sums } = pass;
  const { start, groups } = pass.windows;
  for (let position = 0; position < start.length; position++) {
    sums.fill(1 << (FRACTION - 1));
    for (let group = 0; group < groups; group++) {
      const first = (position * groups + group) * GROUP;
      addGroup(from, offset + (start[position]! + group * GROUP) * input.step, pass, first);
    }
    let index = target + position * output.step;
    for (let line = 0; line < lines; line++, index += output.next) {
      // A triangle has no negative weights, and rounding adds less than a byte's step: only 255 may overflow.
      const byte = sums[line]! >> FRACTION;
      to[index] = byte > 255 ? 255 : byte;
    }
  }
}

/** Adds four neighbours of each line, weighted by the coefficients from `first` on, to its sum. */
function addGroup(from: Uint8Array, offset: number, { lines, input, sums, windows: { coefficients } }: Pass, first: number): void {
  const { step, next } = input;
  const a = coefficients[first]!;
  const b = coefficients[first + 1]!;
  const c = coefficients[first + 2]!;
  const d = coefficients[first + 3]!;
  let index = offset;
  for (let line = 0; line < lines; line++, index += next) {
    // Only images narrower than a group have nothing there: zero, whatever its weight.
    sums[line]! +=
      from[index]! * a +
      (from[index + step]! | 0) * b +
      (from[index + 2 * step]! | 0) * c +
      (from[index + 3 * step]! | 0) * d;
  }
}

/** Resizes the image at `offset` of `from` into `to` at `target`, all row-major. */
export type Resize = (from: Uint8Array, offset: number, to: Uint8Array, target: number) => void;

/** Prepares resizing images of `[height, width]` to another size. */
export function resizer([height, width]: readonly [number, number], [newHeight, newWidth]: readonly [number, number]): Resize {
  const middle = new Uint8Array(height * newWidth);
  const along: Pass = {
    lines: height,
    windows: windows(width, newWidth),
    input: { step: 1, next: width },
    output: { step: 1, next: newWidth },
    sums: new Int32Array(height),
  };
  const down: Pass = {
    lines: newWidth,
    windows: windows(height, newHeight),
    input: { step: newWidth, next: 1 },
    output: { step: newWidth, next: 1 },
    sums: new Int32Array(newWidth),
  };
  return (from, offset, to, target) => {
    filter(from, offset, middle, 0, along);
    filter(middle, 0, to, target, down);
  };
}
