import type { Inputs } from "./dataset.js";

/** Views of evenly spaced samples: of `about` or more at least `about` and fewer than twice as many, of fewer all. */
export function evenlySpaced({ values, size, count }: Inputs, about: number): readonly Int8Array[] {
  const step = Math.max(1, Math.floor(count / about));
  return Array.from({ length: Math.ceil(count / step) }, (_, i) => values.subarray(i * step * size, (i * step + 1) * size));
}
