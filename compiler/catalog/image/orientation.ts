import type { Picture } from "./decode.js";

/** The tag of the orientation in EXIF 2.32, 4.6.4: 1 to 8. */
const orientationTag = 0x0112;

/** How a JPEG says that its camera was held: 1 for upright, also where it says nothing, to 8. */
export function exifOrientation(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff; at += 2 + view.getUint16(at + 2)) {
    if (bytes[at + 1] === 0xda) break;
    if (bytes[at + 1] === 0xe1 && at + 18 <= bytes.length && view.getUint32(at + 4) === 0x45786966) return orientationIn(view, at + 10);
  }
  return 1;
}

/** Of the first directory of the TIFF structure that begins at `start`. */
function orientationIn(view: DataView, start: number): number {
  const little = view.getUint16(start) === 0x4949;
  const within = (offset: number, size: number): boolean => offset + size <= view.byteLength;
  const directory = start + view.getUint32(start + 4, little);
  if (!within(directory, 2)) return 1;
  const entries = view.getUint16(directory, little);
  for (let i = 0, entry = directory + 2; i < entries && within(entry, 12); i++, entry += 12) {
    if (view.getUint16(entry, little) !== orientationTag) continue;
    const value = view.getUint16(entry + 8, little);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** Orientations whose stored rows are columns of the picture, and whose stored rows or columns begin at the far end. */
const [transposed, fromBottom, fromRight] = [
  [5, 6, 7, 8],
  [3, 4, 6, 7],
  [2, 3, 7, 8],
];

/** A picture as it was seen by who took it. */
export function turned(picture: Picture, orientation: number): Picture {
  const { height, width, bytes } = picture;
  const [swaps, down, right] = [transposed, fromBottom, fromRight].map((some) => some!.includes(orientation));
  const [rows, columns] = swaps ? [width, height] : [height, width];
  const result = new Uint8Array(bytes.length);
  for (let i = 0; i < result.length; i++) {
    const [row, column] = [Math.floor(i / columns), i % columns];
    const [y, x] = swaps ? [column, row] : [row, column];
    result[i] = bytes[(down ? height - 1 - y : y) * width + (right ? width - 1 - x : x)]!;
  }
  return { height: rows, width: columns, bytes: result };
}
