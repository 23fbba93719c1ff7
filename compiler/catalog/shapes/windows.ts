import type { TensorType } from "../../ir/types.js";
import type { Convolution } from "./convolution.js";
import { areaOf, type FeatureMap, featureMap } from "./feature-map.js";
import { pooled, type PoolWindow, poolWindow } from "./pool.js";

/** The index table of im2col: which values of a channel each window reads, for runtimes that gather by index. */
export interface Windows {
  /** Values of a channel. */
  readonly area: number;
  readonly taps: number;
  readonly count: number;
  /** [taps, count]: indices within a channel, or -1 for padding. */
  readonly places: readonly number[];
}

export function convolutionWindows({ input, output, kernel, stride, padding }: Convolution): Windows {
  return windowsOf(input, kernel, output, (row, column) => ({ row: row * stride - padding.top, column: column * stride - padding.left }));
}

export function poolWindowsIn(type: TensorType, size: number): Windows {
  const input = featureMap(type.shape)!;
  const window = poolWindow(type, size);
  return windowsOf(input, window, pooled(input, window), (row, column) => ({ row: row * window.height, column: column * window.width }));
}

interface Place {
  readonly row: number;
  readonly column: number;
}

/** `cornerOf` is the upper left corner of the window of each output. */
function windowsOf(input: FeatureMap, size: PoolWindow, output: FeatureMap, cornerOf: (row: number, column: number) => Place): Windows {
  const taps = size.height * size.width;
  const count = areaOf(output);
  const places = Array.from({ length: taps * count }, (_, i) => {
    const [tap, index] = [Math.floor(i / count), i % count];
    const corner = cornerOf(Math.floor(index / output.width), index % output.width);
    const row = corner.row + Math.floor(tap / size.width);
    const column = corner.column + (tap % size.width);
    return row >= 0 && row < input.height && column >= 0 && column < input.width ? row * input.width + column : -1;
  });
  return { area: areaOf(input), taps, count, places };
}
