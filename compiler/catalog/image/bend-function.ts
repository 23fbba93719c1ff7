import { numbers } from "../../wasm/constants.js";
import { type Body, type WasmFunction, wasmFunction } from "../../wasm/function.js";
import { f32x4, type F64, f64, f64x2, i16x8, i32, type I32, i32x4, type V128, v128 } from "../../wasm/instructions.js";

/** Where things are in the memory of `bendFunction`; numbers are float64 unless said otherwise. */
export interface BendPlaces {
  readonly height: number;
  readonly width: number;
  /** Of the coarse grid, along a row. */
  readonly knots: number;
  /** The image, as bytes. */
  readonly source: number;
  /** The same with a border of zeros: two rows above and below, two columns between the end of a row and the next. */
  readonly image: number;
  /** The grids of displacements to the right and down. */
  readonly grids: readonly [number, number];
  /** For each pair of rows of the image: the grids between their rows, lanes are the two. */
  readonly lines: readonly [number, number];
  /** For each pair of rows: their terms b y and e y. */
  readonly alongY: readonly [number, number];
  /** For each row of the image: where its first row of a grid begins, in bytes, as i32. */
  readonly firstDown: number;
  /** For each pair of rows: four weights, their lanes the two rows. */
  readonly weightsDown: number;
  /** For each column: the first of its knots in a line, in bytes, as i32. */
  readonly firstAcross: number;
  /** For each column: four weights. */
  readonly weightsAcross: number;
  /** The moved image, as bytes, and one row more. */
  readonly result: number;
}

const axes = [0, 1] as const;

/** Added to a whole number, it puts it into the lower half of a float64. */
const wholes = 2 ** 52;

/**
 * A function (a, b, c, d, e, f) that moves the pixels of an image: that at (x, y) is read at (a x + b y + c, d x + e y + f)
 * and what the grids say, between four pixels in proportion; outside the image is 0. Lanes are two rows, each step is in
 * float64, displacements are rounded to float32.
 */
export const bendFunction = (at: BendPlaces): WasmFunction =>
  wasmFunction(["f64", "f64", "f64", "f64", "f64", "f64"], (body, a, b, c, d, e, f) => {
    const number = numbers(body);
    emitBorders(body, at);
    emitLines(body, at, [b, e]);
    const [beside, below] = [body.let(f64x2.splat(c)), body.let(f64x2.splat(f))];
    body.loop(at.width, 1, (x) => {
      const column = columnOf(body, at, x);
      const alongX = [a, d].map((factor) => body.let(f64x2.splat(f64.mul(factor, f64.convert_i32_s(x)))));
      const line = body.let(column.first);
      const target = body.let(i32.add(x, i32.const(at.result)));
      body.loop(16 * Math.ceil(at.height / 2), 16, (pair) => {
        const [right, down] = axes.map((axis) => {
          const moved = f64x2.add(f64x2.add(alongX[axis]!, v128.load(pair, at.alongY[axis])), [beside, below][axis]!);
          return body.let(f64x2.add(moved, displacement(column.weights, line, at.lines[axis])));
        });
        const bytes = body.let(f64x2.add(f64x2.floor(f64x2.add(between(body, at, right!, down!), number(0.5))), number(wholes)));
        body.do(v128.store8_lane(target, bytes, 0, 0), v128.store8_lane(target, bytes, at.width, 8));
        body.set(line, i32.add(line, i32.const(16 * at.knots)));
        body.set(target, i32.add(target, i32.const(2 * at.width)));
      });
    });
  });

/** Writes the image with its border. Four pixels at a time may reach over the end of a row, with zeros, before the next is written. */
function emitBorders(body: Body, { height, width, source, image }: BendPlaces): void {
  const stride = 8 * (width + 2);
  const from = body.let(i32.const(source));
  const to = body.let(i32.const(image + 2 * stride + 16));
  const left = width % 4;
  const four = (kept: number): void => {
    const mask = v128.const(...Array.from({ length: 16 }, (_, i) => (i < kept ? 255 : 0)));
    const loaded = kept === 4 ? v128.load32_zero(from) : v128.and(v128.load32_zero(from), mask);
    const wide = body.let(i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_u(loaded)));
    body.do(
      v128.store(to, f64x2.convert_low_i32x4_s(wide)),
      v128.store(to, f64x2.convert_low_i32x4_s(i32x4.shuffle(wide, wide, [2, 3, 2, 3])), 16),
    );
  };
  const advance = (pixels: number, bytes: number): void => {
    body.set(from, i32.add(from, i32.const(pixels)));
    body.set(to, i32.add(to, i32.const(bytes)));
  };
  body.loop(height, 1, () => {
    body.loop(width - left, 4, () => {
      four(4);
      advance(4, 32);
    });
    if (left > 0) four(left);
    advance(left, 8 * left + 16);
  });
}

/** Joins rows of the grids for each pair of rows of the image, and says where these rows are read but for displacements. */
function emitLines(body: Body, { height, knots, grids, lines, alongY, firstDown, weightsDown }: BendPlaces, factors: readonly F64[]): void {
  const line = body.let(i32.const(0));
  body.loop(2 * Math.ceil(height / 2), 2, (y) => {
    const rows = body.let(f64x2.add(f64x2.splat(f64.convert_i32_s(y)), f64x2.const(0, 1)));
    for (const axis of axes) body.do(v128.store(i32.mul(y, i32.const(8)), f64x2.mul(f64x2.splat(factors[axis]!), rows), alongY[axis]));
    const [upper, lower] = [0, 4].map((offset) => body.let(i32.load(i32.mul(y, i32.const(4)), firstDown + offset)));
    const weights = each(4, (i) => body.let(v128.load(i32.mul(y, i32.const(32)), weightsDown + 16 * i)));
    body.loop(8 * knots, 8, (knot) => {
      const [from, below] = [upper!, lower!].map((first) => body.let(i32.add(first, knot)));
      for (const axis of axes) {
        const terms = weights.map((weight, i) => {
          const offset = grids[axis] + 8 * knots * i;
          return f64x2.mul(weight, v128.load64_lane(below!, v128.load64_splat(from!, offset), offset, 1));
        });
        body.do(v128.store(line, rounded(sum(terms)), lines[axis]));
      }
      body.set(line, i32.add(line, i32.const(16)));
    });
  });
}

/** The first knot of a column in a line, in bytes, and the weights from there on. */
function columnOf(
  body: Body,
  { firstAcross, weightsAcross }: BendPlaces,
  x: I32,
): { readonly first: I32; readonly weights: readonly V128[] } {
  const address = body.let(i32.mul(x, i32.const(32)));
  return {
    first: i32.load(i32.mul(x, i32.const(4)), firstAcross),
    weights: each(4, (i) => body.let(v128.load64_splat(address, weightsAcross + 8 * i))),
  };
}

/** How far the pixels of two rows are moved along an axis. */
const displacement = (weights: readonly V128[], line: I32, lines: number): V128 =>
  rounded(sum(weights.map((weight, i) => f64x2.mul(weight, v128.load(line, lines + 16 * i)))));

/** The image at two places. Whoever is further outside than the border reads zeros at its edge. */
function between(body: Body, { height, width, image }: BendPlaces, x: V128, y: V128): V128 {
  const number = numbers(body);
  const stride = 8 * (width + 2);
  const [left, top] = [x, y].map((value) => body.let(f64x2.floor(value)));
  const shares = [body.let(f64x2.sub(x, left!)), body.let(f64x2.sub(y, top!))] as const;
  const inside = (value: V128, size: number): V128 => f64x2.pmin(f64x2.pmax(value, number(-2)), number(size));
  const distance = f64x2.add(f64x2.mul(inside(top!, height), number(stride)), f64x2.mul(inside(left!, width), number(8)));
  const places = body.let(f64x2.add(distance, number(wholes + image + 2 * stride + 16)));
  const pixels = [0, 2].map((lane) => body.let(i32x4.extract_lane(places, lane)));
  const row = (offset: number): V128 => {
    const [first, second] = pixels.map((pixel) => body.let(v128.load(pixel, offset)));
    return mixed(body, f64x2.shuffle(first!, second!, [0, 2]), f64x2.shuffle(first!, second!, [1, 3]), shares[0]);
  };
  return mixed(body, row(0), row(stride), shares[1]);
}

/** From the first to the second by a share of the way. */
function mixed(body: Body, first: V128, second: V128, share: V128): V128 {
  const start = body.let(first);
  return body.let(f64x2.add(start, f64x2.mul(f64x2.sub(second, start), share)));
}

const rounded = (value: V128): V128 => f64x2.promote_low_f32x4(f32x4.demote_f64x2_zero(value));
const sum = (terms: readonly V128[]): V128 => terms.reduce((total, term) => f64x2.add(total, term));
const each = <T>(count: number, make: (i: number) => T): readonly T[] => Array.from({ length: count }, (_, i) => make(i));
