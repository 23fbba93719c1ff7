import { type Body } from "#compiler/wasm/function.js";
import { f32x4, i32, type I32, i32x4, type V128, v128 } from "#compiler/wasm/instructions.js";

/**
 * A matrix product C = A B, [rows, depth] by [depth, columns]: tiles of four rows by eight columns stay in registers
 * while the depth goes by. Strides are in bytes.
 */
export interface ProductTask {
  /** Multiples of four. */
  readonly rows: number | I32;
  readonly columns: number;
  readonly depth: number | I32;
  readonly a: { readonly address: I32; readonly offset: number; readonly row: number; readonly depth: number };
  /** `panel` is from eight columns to the next, `depth` within a panel of so many vectors. */
  readonly b: { readonly address: I32; readonly offset: number; readonly panel: number; readonly depth: (vectors: number) => number };
  readonly c: { readonly address: I32; readonly offset: number; readonly row: number };
  readonly arithmetic: Arithmetic;
}

interface Arithmetic {
  readonly add: (sum: V128, a: V128, b: V128) => V128;
  readonly result: (sum: V128) => V128;
}

export const float: Arithmetic = { add: (sum, a, b) => f32x4.add(sum, f32x4.mul(a, b)), result: (sum) => sum };

/** Pairs of int16 along the depth: exact, and twice as many products at once. */
export const integer: Arithmetic = { add: (sum, a, b) => i32x4.add(sum, i32x4.dot_i16x8_s(a, b)), result: f32x4.convert_i32x4_s };

/** Of a tile. */
const tileRows = 4;
const vectorBytes = 16;

export function emitProduct(body: Body, task: ProductTask): void {
  const { columns, b } = task;
  const panels = Math.floor(columns / 8);
  body.loop(panels, 1, (panel) => emitPanel(body, task, 2, i32.mul(panel, i32.const(b.panel)), i32.mul(panel, i32.const(2 * vectorBytes))));
  if (columns % 8 !== 0) emitPanel(body, task, 1, i32.const(panels * b.panel), i32.const(panels * 2 * vectorBytes));
}

/** All rows of a panel of one or two vectors of columns. */
function emitPanel(body: Body, task: ProductTask, vectors: number, bSkip: I32, cSkip: I32): void {
  const { a, b, c, rows, depth, arithmetic } = task;
  const panel = body.let(i32.add(b.address, bSkip));
  const aRow = body.let(a.address);
  const cRow = body.let(i32.add(c.address, cSkip));
  body.loop(typeof rows === "number" ? rows / tileRows : i32.shr_u(rows, i32.const(2)), 1, () => {
    const sums = Array.from({ length: tileRows * vectors }, () => body.let(f32x4.const(0)));
    const aStep = body.let(aRow);
    const bStep = body.let(panel);
    // One step of the depth a turn: unrolled by hand this loop is slower, for the compiler then spills registers.
    body.loop(depth, 1, () => {
      const right = Array.from({ length: vectors }, (_, j) => body.let(v128.load(bStep, b.offset + j * vectorBytes)));
      for (let row = 0; row < tileRows; row++) {
        const left = body.let(v128.load32_splat(aStep, a.offset + row * a.row));
        right.forEach((vector, j) => body.set(sums[row * vectors + j]!, arithmetic.add(sums[row * vectors + j]!, left, vector)));
      }
      body.set(aStep, i32.add(aStep, i32.const(a.depth)));
      body.set(bStep, i32.add(bStep, i32.const(b.depth(vectors))));
    });
    sums.forEach((sum, i) => {
      const [row, j] = [Math.floor(i / vectors), i % vectors];
      body.do(v128.store(cRow, arithmetic.result(sum), c.offset + row * c.row + j * vectorBytes));
    });
    body.set(aRow, i32.add(aRow, i32.const(tileRows * a.row)));
    body.set(cRow, i32.add(cRow, i32.const(tileRows * c.row)));
  });
}
