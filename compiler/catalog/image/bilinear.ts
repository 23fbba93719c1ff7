/** Where each pixel of an image comes from: an affine map of its place, [x, y] → [a·x + b·y + c, d·x + e·y + f]. */
export type Place = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/**
 * Moves the pixels of a byte image: each is read where `place` and the displacements say, between four pixels in
 * proportion; outside the image is 0.
 */
export function moveBilinear(
  from: Uint8Array,
  to: Uint8Array,
  height: number,
  width: number,
  [a, b, c, d, e, f]: Place,
  right: Float32Array,
  down: Float32Array,
): void {
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const sourceX = a * x + b * y + c + right[i]!;
      const sourceY = d * x + e * y + f + down[i]!;
      const left = Math.floor(sourceX);
      const top = Math.floor(sourceY);
      if (left < -1 || top < -1 || left >= width || top >= height) {
        to[i] = 0;
        continue;
      }
      const shareX = sourceX - left;
      const shareY = sourceY - top;
      const at = top * width + left;
      const [isLeft, isRight] = [left >= 0, left + 1 < width];
      const above = top < 0 ? 0 : between(isLeft ? from[at]! : 0, isRight ? from[at + 1]! : 0, shareX);
      const below = top + 1 >= height ? 0 : between(isLeft ? from[at + width]! : 0, isRight ? from[at + width + 1]! : 0, shareX);
      to[i] = between(above, below, shareY) + 0.5;
    }
  }
}

const between = (first: number, second: number, share: number): number => first + (second - first) * share;
