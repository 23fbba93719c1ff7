import type { Random } from "../../random.js";
import type { Matrix } from "./warp.js";

// As Python's `math.radians`: one product, so that the last bit agrees.
const radians = (degrees: number): number => degrees * (Math.PI / 180);

/** What an affine change does to an image, about its centre. */
export interface AffineChange {
  /** Degrees, clockwise. */
  readonly rotate: number;
  /** Whole pixels to the right and down. */
  readonly shift: readonly [right: number, down: number];
  /** 1.1 makes everything a tenth larger. */
  readonly zoom: number;
  /** Degrees, of the vertical lines. */
  readonly shear: number;
}

export const still: AffineChange = { rotate: 0, shift: [0, 0], zoom: 1, shear: 0 };

/** Draws a shift of whole pixels, at most `share` of the sides. */
export const drawShift = (height: number, width: number, share: number, random: Random): readonly [number, number] => [
  Math.round(random.between(-1, 1) * share * width),
  Math.round(random.between(-1, 1) * share * height),
];

/** The source of each pixel under a change, with torchvision's `affine` order of operations and rounding. */
export function affineMatrix(height: number, width: number, { rotate, shift, zoom, shear }: AffineChange): Matrix {
  const [rotation, slant] = [radians(rotate), radians(shear)];
  const [centerX, centerY] = [width * 0.5, height * 0.5];
  const [cos, sin] = [Math.cos(rotation), Math.sin(rotation)];
  const [a, b, d, e] = [(-sin * Math.tan(slant) + cos) / zoom, (cos * Math.tan(slant) + sin) / zoom, -sin / zoom, cos / zoom];
  const [x, y] = [-centerX - shift[0], -centerY - shift[1]];
  return [a, b, a * x + b * y + centerX, d, e, d * x + e * y + centerY];
}

/** The source of each pixel under Pillow's `Image.rotate`: degrees, counterclockwise. */
export function rotationMatrix(height: number, width: number, degrees: number): Matrix {
  const turn = degrees % 360;
  const angle = -radians(turn < 0 ? turn + 360 : turn);
  // Pillow rounds to 15 decimals, so that right angles are exact.
  const round = (value: number): number => Number(value.toFixed(15));
  const [cos, sin] = [round(Math.cos(angle)), round(Math.sin(angle))];
  const [centerX, centerY] = [width / 2, height / 2];
  return [cos, sin, cos * -centerX + sin * -centerY + centerX, -sin, cos, -sin * -centerX + cos * -centerY + centerY];
}
