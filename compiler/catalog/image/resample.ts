/**
 * Resizing bytes as Pillow does it, bit for bit: a triangle filter that widens when it shrinks (antialiasing), its
 * coefficients rounded to 22 fractional bits, first along rows, then along columns, each result rounded to a byte.
 */
const FRACTION = 22;

/** For each output position: where its window starts, how long it is, and the fixed-point coefficients. */
interface Windows {
  readonly start: Int32Array;
  readonly length: Int32Array;
  /** `stride` coefficients a window. */
  readonly coefficients: Int32Array;
  readonly stride: number;
}

function windows(from: number, to: number): Windows {
  const scale = from / to;
  const support = Math.max(scale, 1);
  const stride = Math.ceil(support) * 2 + 1;
  const result: Windows = {
    start: new Int32Array(to),
    length: new Int32Array(to),
    coefficients: new Int32Array(to * stride),
    stride,
  };
  for (let position = 0; position < to; position++) {
    const center = (position + 0.5) * scale;
    const start = Math.max(Math.trunc(center - support + 0.5), 0);
    const end = Math.min(Math.trunc(center + support + 0.5), from);
    // 1 / support first: that is how Pillow rounds it.
    const triangle = Array.from({ length: end - start }, (_, i) =>
      Math.max(1 - Math.abs((i + start - center + 0.5) * (1 / support)), 0),
    );
    const total = triangle.reduce((sum, weight) => sum + weight, 0);
    triangle.forEach(
      (weight, i) => (result.coefficients[position * stride + i] = Math.trunc((weight / total) * 2 ** FRACTION + 0.5)),
    );
    result.start[position] = start;
    result.length[position] = end - start;
  }
  return result;
}

/** Filters `lines` lines; `step` is the distance between neighbours on a line, `next` that between lines. */
interface Pass {
  readonly lines: number;
  readonly windows: Windows;
  readonly input: { readonly step: number; readonly next: number };
  readonly output: { readonly step: number; readonly next: number };
}

function filter(from: Uint8Array, offset: number, to: Uint8Array, target: number, pass: Pass): void {
  const { start, length, coefficients, stride } = pass.windows;
  const { step, next } = pass.input;
  for (let line = 0; line < pass.lines; line++) {
    for (let position = 0; position < start.length; position++) {
      let index = offset + line * next + start[position]! * step;
      let sum = 1 << (FRACTION - 1);
      const first = position * stride;
      const end = first + length[position]!;
      for (let k = first; k < end; k++, index += step) sum += from[index]! * coefficients[k]!;
      // A triangle has no negative weights, and rounding adds less than a byte's step: only 255 may overflow.
      const byte = sum >> FRACTION;
      to[target + line * pass.output.next + position * pass.output.step] = byte > 255 ? 255 : byte;
    }
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
  };
  const down: Pass = {
    lines: newWidth,
    windows: windows(height, newHeight),
    input: { step: newWidth, next: 1 },
    output: { step: newWidth, next: 1 },
  };
  return (from, offset, to, target) => {
    filter(from, offset, middle, 0, along);
    filter(middle, 0, to, target, down);
  };
}
