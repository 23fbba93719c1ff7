/** Where each pixel comes from: the source of (x, y) is (a x + b y + c, d x + e y + f). */
export type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/**
 * Moves the pixels of one image [height, width] by a matrix, each from the nearest source pixel, 0 where there is
 * none; bit for bit as Pillow's `Image.transform` does it.
 */
export function warp(from: Uint8Array, to: Uint8Array, height: number, width: number, matrix: Matrix): void {
  const [, b, , d] = matrix;
  if (b === 0 && d === 0) scale(from, to, height, width, matrix);
  else warpFixed(from, to, height, width, matrix);
}

/** 16.16 fixed point: the steps between neighbours are rounded once and then added up. */
const fixed = (value: number): number => Math.floor(value * 65536 + 0.5) | 0;

function warpFixed(from: Uint8Array, to: Uint8Array, height: number, width: number, [a, b, c, d, e, f]: Matrix): void {
  const [rightX, rightY, downX, downY] = [fixed(a), fixed(d), fixed(b), fixed(e)];
  // Half a pixel: coordinates are those of the pixels' centres.
  let [rowX, rowY] = [fixed(c + a * 0.5 + b * 0.5), fixed(f + d * 0.5 + e * 0.5)];
  let index = 0;
  for (let y = 0; y < height; y++) {
    let [sourceX, sourceY] = [rowX, rowY];
    for (let x = 0; x < width; x++) {
      const column = sourceX >> 16;
      const row = sourceY >> 16;
      // Unsigned, a negative coordinate is a large one.
      to[index++] = column >>> 0 < width && row >>> 0 < height ? from[row * width + column]! : 0;
      sourceX += rightX;
      sourceY += rightY;
    }
    rowX += downX;
    rowY += downY;
  }
}

/** Without rotation and shear Pillow adds up in double precision instead. */
function scale(from: Uint8Array, to: Uint8Array, height: number, width: number, [a, , c, , e, f]: Matrix): void {
  const columns = new Int32Array(width);
  let sourceX = c + a * 0.5;
  for (let x = 0; x < width; x++, sourceX += a) columns[x] = sourceX < width ? Math.floor(sourceX) : -1;
  let sourceY = f + e * 0.5;
  for (let y = 0; y < height; y++, sourceY += e) {
    const [row, index] = [Math.floor(sourceY), y * width];
    if (row < 0 || row >= height) {
      to.fill(0, index, index + width);
      continue;
    }
    for (let x = 0; x < width; x++) {
      const column = columns[x]!;
      to[index + x] = column < 0 ? 0 : from[row * width + column]!;
    }
  }
}
