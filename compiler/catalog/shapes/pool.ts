import type { TensorType } from "../../ir/types.js";
import { areaOf, type FeatureMap, featureMap } from "./feature-map.js";

/** A pooling window; windows do not overlap (stride = size). */
export interface PoolWindow {
  readonly height: number;
  readonly width: number;
}

/** The pooling window of a layer: square on images, a length on sequences; the whole map where its size is 0. */
export function poolWindow({ shape }: TensorType, size: number): PoolWindow {
  if (size > 0) return { height: size, width: shape.length === 3 ? size : 1 };
  const { height, width } = featureMap(shape)!;
  return { height, width };
}

/** The output shape of pooling; rows and columns that fill no window are dropped. */
export const pooled = ({ height, width, channels }: FeatureMap, window: PoolWindow): FeatureMap => ({
  height: Math.floor(height / window.height),
  width: Math.floor(width / window.width),
  channels,
});

/** Whether pooling drops rows or columns that fill no window. */
export function leavesRest(type: TensorType, size: number): boolean {
  const { height, width } = featureMap(type.shape)!;
  const window = poolWindow(type, size);
  return height % window.height !== 0 || width % window.width !== 0;
}

/** Pooling by a binary reduction, such as max or add. */
export function pool(values: Int32Array, type: TensorType, size: number, join: (a: number, b: number) => number): Int32Array {
  const map = featureMap(type.shape)!;
  const window = poolWindow(type, size);
  const output = pooled(map, window);
  const joined = new Int32Array(areaOf(output) * output.channels);
  let at = 0;
  for (let channel = 0; channel < output.channels; channel++) {
    for (let row = 0; row < output.height; row++) {
      for (let column = 0; column < output.width; column++, at++) {
        const corner = channel * areaOf(map) + row * window.height * map.width + column * window.width;
        let value = values[corner]!;
        for (let y = 0; y < window.height; y++) {
          for (let x = y === 0 ? 1 : 0; x < window.width; x++) value = join(value, values[corner + y * map.width + x]!);
        }
        joined[at] = value;
      }
    }
  }
  return joined;
}
