/**
 * The ways in which people write digits, as the paths of a pen. Coordinates are percent of the digit's box, x to the
 * right and y down; a stroke runs smoothly through its points, `|` lifts the pen or turns a corner.
 */
const PATHS: readonly (readonly string[])[] = [
  [
    "50,0 18,14 2,50 16,86 50,100 84,86 98,50 82,14 50,0",
    "62,6 30,4 6,34 8,74 36,99 72,92 96,58 90,22 60,2 40,8",
    "72,10 44,0 14,22 4,58 24,94 60,98 92,70 94,30 66,6 50,16 62,26",
  ],
  ["50,0 50,100", "22,24 52,0 | 52,0 50,100", "20,26 50,0 | 50,0 50,100 | 18,100 84,99", "56,0 46,50 44,100", "38,12 52,0 | 52,0 51,100"],
  [
    "8,26 20,6 50,0 82,10 90,30 74,52 40,80 6,99 | 6,99 50,95 96,98",
    "10,22 34,2 70,4 86,26 70,56 34,88 12,98 4,88 16,80 48,92 96,94",
    "8,8 50,4 88,6 | 88,6 48,54 8,98 | 8,98 52,97 94,99",
    "14,30 24,8 56,2 80,20 72,48 44,74 20,96 | 20,96 40,88 66,98 98,88",
  ],
  [
    "10,16 30,2 64,2 84,20 70,42 40,48 | 40,48 76,56 92,76 74,95 40,100 8,88",
    "10,4 50,3 86,4 | 86,4 62,24 42,42 | 42,42 80,52 92,76 70,97 34,99 6,86",
    "12,12 44,0 78,12 74,34 46,46 34,52 48,54 84,64 86,88 50,100 10,92",
    "16,8 56,0 82,16 64,40 36,46 | 36,46 70,50 84,72 66,94 20,98",
  ],
  [
    "30,2 18,34 8,60 | 8,60 50,60 96,58 | 74,6 70,54 66,100",
    "10,2 6,32 16,52 50,56 88,46 | 90,0 86,50 80,100",
    "70,0 38,34 4,66 | 4,66 50,66 98,64 | 70,0 70,50 68,100",
    "76,2 40,30 10,56 | 10,56 50,57 78,54 | 78,2 77,50 72,100",
  ],
  [
    "90,2 58,3 24,4 | 24,4 20,24 16,44 | 16,44 48,36 84,48 92,72 70,95 36,100 6,88",
    "20,8 18,28 14,46 | 14,46 50,40 82,54 86,80 56,99 8,94 | 20,6 56,6 94,0",
    "90,6 44,2 16,20 30,42 74,54 86,80 52,100 8,90",
    "84,4 30,6 | 30,6 24,44 | 24,44 60,44 84,62 78,88 44,100 10,96",
  ],
  [
    "76,2 42,16 14,50 10,80 40,100 80,92 88,70 62,52 26,60 10,80",
    "46,0 22,36 8,74 30,98 72,98 90,78 70,60 34,64 12,82",
    "86,10 56,2 20,30 4,66 22,96 62,98 84,76 62,54 30,62",
    "62,0 34,30 18,66 30,94 60,99 78,82 66,64 42,66 24,82",
  ],
  [
    "6,8 50,6 92,4 | 92,4 62,48 42,100",
    "6,6 50,7 90,4 | 90,4 64,44 44,100 | 30,50 56,50 86,46",
    "4,24 8,6 | 8,6 50,8 94,6 | 94,6 58,50 50,100",
    "8,12 40,2 86,8 78,36 50,66 40,100",
    "10,4 54,6 90,4 | 90,4 70,50 30,100 | 34,54 84,50",
  ],
  [
    "76,12 46,0 16,14 24,38 58,54 90,78 56,100 12,86 24,62 64,42 88,20 70,4",
    "50,0 18,14 22,38 50,46 80,36 82,12 50,0 | 50,46 12,62 8,88 50,100 90,88 88,60 50,46",
    "86,8 50,0 18,16 34,42 72,60 84,86 50,100 18,84 30,60 70,36 88,10",
  ],
  [
    "86,18 54,0 16,14 12,40 44,52 80,36 88,8 | 88,8 84,50 76,100",
    "82,16 48,0 14,18 18,44 52,50 82,26 | 82,6 90,46 72,84 38,100 14,92",
    "88,10 52,4 18,22 24,46 58,46 88,10 | 88,10 66,56 46,100",
    "80,24 62,2 28,4 12,28 26,50 58,46 80,20 82,50 80,100",
  ],
];

/** A point in the digit's box: 0 … 1 from left to right and from top to bottom. */
export type Point = readonly [x: number, y: number];

/** A stroke as a chain of points close enough to join by lines. */
export type Stroke = readonly Point[];

/** How many lines stand for the curve between two points of a path. */
const PIECES = 6;

/** Catmull-Rom: through all points, each end continued straight. */
function smooth(points: readonly Point[]): Stroke {
  const at = (i: number): Point => points[Math.min(Math.max(i, 0), points.length - 1)]!;
  const curve: Point[] = [at(0)];
  for (let i = 0; i + 1 < points.length; i++) {
    const [before, from, to, after] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    const along = (axis: 0 | 1, t: number): number => {
      const [p, q, r, s] = [before[axis], from[axis], to[axis], after[axis]];
      return q + 0.5 * t * (r - p + t * (2 * p - 5 * q + 4 * r - s + t * (3 * (q - r) + s - p)));
    };
    for (let piece = 1; piece <= PIECES; piece++) curve.push([along(0, piece / PIECES), along(1, piece / PIECES)]);
  }
  return curve;
}

const parse = (path: string): readonly Stroke[] =>
  path.split(" | ").map((stroke) =>
    smooth(
      stroke.split(" ").map((point) => {
        const [x, y] = point.split(",");
        return [Number(x) / 100, Number(y) / 100];
      }),
    ),
  );

/** For each digit the ways to write it, each a list of strokes. */
export const skeletons: readonly (readonly (readonly Stroke[])[])[] = PATHS.map((ways) => ways.map(parse));
