import type { Random } from "../../random.js";
import type { Point, Stroke } from "./skeletons.js";

/** How one digit differs from its skeleton; lengths are in units of the digit's box. */
export interface Hand {
  /** Width over height. */
  readonly aspect: number;
  /** Shift to the right from foot to head. */
  readonly slant: number;
  /** Radians. */
  readonly turn: number;
  /** Smooth deformation of the plane. */
  readonly warp: (point: Point) => Point;
}

/** Draws a hand; a careless one deforms more. */
export function drawHand(random: Random): Hand {
  const carelessness = 0.6 + 0.5 * Math.abs(random.normal());
  return {
    aspect: Math.max(0.7 + 0.1 * random.normal(), 0.45),
    slant: 0.1 + 0.13 * random.normal(),
    turn: 0.07 * carelessness * random.normal(),
    warp: drawWarp(0.035 * carelessness, random),
  };
}

/** Three waves of random direction and phase for each axis: neighbours move together, so strokes stay connected. */
function drawWarp(amplitude: number, random: Random): (point: Point) => Point {
  const waves = Array.from({ length: 6 }, () => ({
    x: 2 * Math.PI * random.between(-1.2, 1.2),
    y: 2 * Math.PI * random.between(-1.2, 1.2),
    phase: random.between(0, 2 * Math.PI),
    height: amplitude * random.normal(),
  }));
  const shift = (from: number, [x, y]: Point): number =>
    waves.slice(from, from + 3).reduce((sum, wave) => sum + wave.height * Math.sin(wave.x * x + wave.y * y + wave.phase), 0);
  return (point) => [point[0] + shift(0, point), point[1] + shift(3, point)];
}

/** Writes a skeleton with a hand. Every stroke also misses its place a little, on its own. */
export function writeStrokes(skeleton: readonly Stroke[], hand: Hand, random: Random): readonly Stroke[] {
  const [cos, sin] = [Math.cos(hand.turn), Math.sin(hand.turn)];
  return skeleton.map((stroke) => {
    const [missX, missY] = [0.02 * random.normal(), 0.02 * random.normal()];
    return stroke.map((point) => {
      const [x, y] = hand.warp(point);
      const across = (x - 0.5) * hand.aspect + (0.5 - y) * hand.slant + missX;
      const down = y - 0.5 + missY;
      return [cos * across - sin * down, sin * across + cos * down];
    });
  });
}

/** Scales strokes so that the longer side of their box is `size`, and centres the box at `center`. */
export function fit(strokes: readonly Stroke[], size: number, center: Point): readonly Stroke[] {
  const range = (axis: 0 | 1): readonly [number, number] => {
    const values = strokes.flatMap((stroke) => stroke.map((point) => point[axis]));
    return [Math.min(...values), Math.max(...values)];
  };
  const [left, right] = range(0);
  const [top, bottom] = range(1);
  const scale = size / Math.max(right - left, bottom - top);
  return strokes.map((stroke) =>
    stroke.map(([x, y]) => [center[0] + (x - (left + right) / 2) * scale, center[1] + (y - (top + bottom) / 2) * scale]),
  );
}
