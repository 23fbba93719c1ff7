import { type Box, holds, overlap, type Place } from "./svg.js";

/** A text that wants to stand near a point. */
export interface Label {
  readonly at: Place;
  readonly text: string;
  /** Whether it is kept, with a line to its point, where there is no room beside it. */
  readonly needed: boolean;
}

export interface PlacedLabel extends Label {
  readonly box: Box;
  /** From the label to its point, when they are apart. */
  readonly leader: Place | undefined;
}

/** Of labels, in pixels: a monospaced font, so that widths are known without one at hand. */
export const labelFont = { size: 11, width: 6.7 } as const;

/** Half of the side of the square around a point that labels keep out of. */
const pointReach = 5;

export const boxAround = ({ x, y }: Place): Box => ({
  left: x - pointReach,
  right: x + pointReach,
  top: y - pointReach,
  bottom: y + pointReach,
});

/** Distances from the point that are tried, nearest first; only needed labels go beyond the first. */
const distances = [4, 16, 30, 46] as const;

/** The sides of a point that labels prefer: in a chart whose best points are upper left, nothing is beyond them there. */
const sides = [
  [-1, -1],
  [0, -1],
  [-1, 0],
  [1, 0],
  [1, 1],
  [1, -1],
  [0, 1],
  [-1, 1],
] as const;

/**
 * Places labels one after the other, needed ones first, each where it covers no obstacle, no other label and does not
 * leave the frame. What finds no room is left out.
 */
export function placeLabels(labels: readonly Label[], obstacles: readonly Box[], frame: Box): readonly PlacedLabel[] {
  const taken = [...obstacles];
  const placed: PlacedLabel[] = [];
  for (const label of [...labels].sort((a, b) => Number(b.needed) - Number(a.needed))) {
    const found = candidates(label).find(({ box }) => holds(frame, box) && !taken.some((other) => overlap(box, other)));
    if (found === undefined) continue;
    taken.push(found.box);
    placed.push(found);
  }
  return placed;
}

const candidates = (label: Label): readonly PlacedLabel[] =>
  distances
    .slice(0, label.needed ? undefined : 1)
    .flatMap((distance) =>
      sides.map(([dx, dy]) => (label.needed ? candidate(label, dx, dy, distance) : candidate(label, -dx, -dy, distance))),
    );

function candidate(label: Label, dx: number, dy: number, distance: number): PlacedLabel {
  const [width, height] = [label.text.length * labelFont.width, labelFont.size + 2];
  // Diagonal ones hug the point: from its corner, not from its circle.
  const away = pointReach + distance;
  const x = label.at.x + dx * (dy === 0 ? away : dx === 0 ? 0 : away * 0.7);
  const y = label.at.y + dy * (dx === 0 ? away : away * 0.7);
  const left = dx > 0 ? x : dx < 0 ? x - width : x - width / 2;
  const top = dy > 0 ? y : dy < 0 ? y - height : y - height / 2;
  const box = { left, right: left + width, top, bottom: top + height };
  const leader =
    distance === distances[0]
      ? undefined
      : { x: dx > 0 ? left : dx < 0 ? box.right : left + width / 2, y: dy > 0 ? top : dy < 0 ? box.bottom : y };
  return { ...label, box, leader };
}
