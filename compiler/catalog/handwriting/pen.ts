import type { Random } from "../../random.js";
import type { Stroke } from "./skeletons.js";

/** A pen on paper; lengths are in pixels. */
export interface Pen {
  readonly radius: number;
  /** How far the ink fades beyond the edge. */
  readonly softness: number;
  /** 0 … 1: how white full ink is. */
  readonly ink: number;
  /** How much the radius swings along a stroke, as a share of it. */
  readonly swing: number;
}

export const drawPen = (random: Random): Pen => ({
  radius: Math.max(1.25 + 0.35 * random.normal(), 0.6),
  softness: random.between(0.9, 1.6),
  ink: random.between(0.75, 1),
  swing: random.between(0, 0.4),
});

/** Draws strokes into an image of floats, 0 … 1, that holds `width` pixels a row; ink never adds up. */
export function drawStrokes(strokes: readonly Stroke[], pen: Pen, image: Float32Array, width: number, random: Random): void {
  for (const stroke of strokes) {
    const phase = random.between(0, 2 * Math.PI);
    const rate = random.between(0.05, 0.3);
    for (let i = 0; i + 1 < stroke.length; i++) {
      const radius = pen.radius * (1 + pen.swing * Math.sin(phase + rate * i));
      drawLine(stroke[i]!, stroke[i + 1]!, radius, pen, image, width);
    }
  }
}

function drawLine(
  [x0, y0]: readonly [number, number],
  [x1, y1]: readonly [number, number],
  radius: number,
  pen: Pen,
  image: Float32Array,
  width: number,
): void {
  const height = image.length / width;
  const reach = radius + pen.softness;
  const [dx, dy] = [x1 - x0, y1 - y0];
  // A line without length is a dot: any divisor but 0 gives its one point.
  const length = dx * dx + dy * dy || 1;
  const [top, bottom] = [Math.max(Math.floor(Math.min(y0, y1) - reach), 0), Math.min(Math.ceil(Math.max(y0, y1) + reach), height)];
  const [left, right] = [Math.max(Math.floor(Math.min(x0, x1) - reach), 0), Math.min(Math.ceil(Math.max(x0, x1) + reach), width)];
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const [px, py] = [x + 0.5 - x0, y + 0.5 - y0];
      const along = Math.min(Math.max((px * dx + py * dy) / length, 0), 1);
      const [awayX, awayY] = [px - along * dx, py - along * dy];
      const distance = Math.sqrt(awayX * awayX + awayY * awayY);
      const ink = pen.ink * Math.min((radius - distance) / pen.softness + 0.5, 1);
      const index = y * width + x;
      if (ink > image[index]!) image[index] = ink;
    }
  }
}
