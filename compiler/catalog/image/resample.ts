import { rooms, startModule } from "../../wasm/start.js";
import { filterFunction, halvesOf } from "./filter-function.js";
import { triangles } from "./triangle.js";

/** Resizes all images of `from` into `to`, row-major and one after the other. */
export type Resize = (from: Uint8Array, to: Uint8Array) => void;

/** Bytes of images that are worked on at a time, so that they stay in the cache. */
const atOnce = 32_768;

/**
 * Prepares resizing images of `[height, width]` to another size as Pillow does it, bit for bit: a triangle filter, its
 * coefficients rounded to 22 fractional bits, first along rows, then along columns, each result rounded to a byte.
 */
export function resizer([height, width]: readonly [number, number], [newHeight, newWidth]: readonly [number, number]): Resize {
  const [size, newSize] = [height * width, newHeight * newWidth];
  const most = Math.max(1, Math.floor(atOnce / size));
  const [across, down] = [triangles(width, newWidth), triangles(height, newHeight)];
  const halves = [across, down].map(halvesOf);
  const { room, total } = rooms();
  const tables = halves.map(({ byteLength }) => room(byteLength));
  const images = { at: room(most * size + 3), size: most * size };
  // Rows become columns, and then rows again.
  const turned = room(newWidth * height + 3);
  const results = { at: room(most * newSize), size: most * newSize };
  const { run, memory } = startModule(
    {
      along: filterFunction({ lines: height, length: width, windows: across, halves: tables[0]! }),
      down: filterFunction({ lines: newWidth, length: height, windows: down, halves: tables[1]! }),
    },
    total(),
  );
  halves.forEach((values, i) => new Int16Array(memory.buffer, tables[i]!).set(values));
  const [source, target] = [images, results].map((part) => new Uint8Array(memory.buffer, part.at, part.size));
  return (from, to) => {
    const count = from.length / size;
    for (let first = 0; first < count; first += most) {
      const part = Math.min(most, count - first);
      source!.set(from.subarray(first * size, (first + part) * size));
      for (let i = 0; i < part; i++) {
        run["along"]!(images.at + i * size, turned);
        run["down"]!(turned, results.at + i * newSize);
      }
      to.set(target!.subarray(0, part * newSize), first * newSize);
    }
  };
}
