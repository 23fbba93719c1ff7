import type { TensorType } from "../ir/types.js";
import type { Inference, LayerRun } from "./layer.js";
import { featureMap, shapeLike } from "./shapes/feature-map.js";
import { count, optional } from "./parameter.js";
import { pool, pooled, poolWindow } from "./shapes/pool.js";

/** The size of the windows of a pooling layer. */
export const poolSize = optional(count("Height and width of a window, its length in a sequence; 0 for the whole map.", { least: 0 }), 0);

/** The type rule of pooling layers. */
export function inferPool(type: TensorType, size: number): Inference {
  const map = featureMap(type.shape);
  if (map === undefined)
    return { needs: "an image [height, width, channels] or a sequence [length, channels]", remedy: "put it before `flatten`" };
  if (size === 1) return { needs: "a size of 2 or more", remedy: "leave the size out for one window over the whole map" };
  const window = poolWindow(type, size);
  const output = pooled(map, window);
  if (output.height === 0 || output.width === 0)
    return { needs: `at least ${window.height} rows${window.width > 1 ? ` and ${window.width} columns` : ""}` };
  return { ...type, shape: shapeLike(type.shape, output) };
}

/** The integers of a pooling layer, by a binary reduction of each window. */
export const runPool = (
  { inputs: [input], inputTypes: [type] }: LayerRun,
  size: number,
  join: (a: number, b: number) => number,
): Int32Array => pool(input!, type!, size, join);
