import type { Body } from "#compiler/wasm/function.js";
import { i32, type I32, type V128, v128 } from "#compiler/wasm/instructions.js";

/** A map in memory, place by place; distances in bytes. */
export interface Plane {
  readonly base: I32;
  readonly offset: number;
  /** From one row of places to the next, and from one place to the next. */
  readonly row: number;
  readonly column: number;
  readonly load: (base: I32, offset: number) => V128;
}

/** A place relative to where a loop is, which is a row and a column times some strides. */
export interface Place {
  readonly loop: Loop;
  readonly strides: Strides;
  readonly row: number;
  readonly column: number;
}

export interface Strides {
  readonly rows: number;
  readonly columns: number;
}

export const everyPlace: Strides = { rows: 1, columns: 1 };

export interface Loop {
  /** Where a plane is at the loop's row and column, each times its stride; the plane's offset comes on top. */
  base(plane: Plane, strides: Strides): I32;
}

export const loadAt = (plane: Plane, place: Place): V128 => plane.load(place.loop.base(plane, place.strides), offsetOf(plane, place));

export const offsetOf = (plane: Plane, { row, column }: Place): number => plane.offset + row * plane.row + column * plane.column;

/** Goes through all rows and columns, up to `most` columns at a time. */
export function eachPlace(
  body: Body,
  { height, width }: { readonly height: number; readonly width: number },
  most: number,
  inside: (loop: Loop, columns: number) => void,
): void {
  const whole = width - (width % most);
  body.loop(height, 1, (row) => {
    body.loop(whole, most, (column) => inside(loopAt(body, row, column), most));
    if (whole < width) inside(loopAt(body, row, i32.const(whole)), width - whole);
  });
}

function loopAt(body: Body, row: I32, column: I32): Loop {
  const known = new Map<Plane, Map<string, I32>>();
  return {
    base: (plane, { rows, columns }) => {
      const bases = known.get(plane) ?? new Map<string, I32>();
      known.set(plane, bases);
      const key = `${rows}:${columns}`;
      const skipped = i32.add(i32.mul(row, i32.const(rows * plane.row)), i32.mul(column, i32.const(columns * plane.column)));
      const base = bases.get(key) ?? body.let(i32.add(plane.base, skipped));
      bases.set(key, base);
      return base;
    },
  };
}

export const lanes = (base: I32, offset: number): V128 => v128.load(base, offset);
export const splatted = (base: I32, offset: number): V128 => v128.load32_splat(base, offset);
