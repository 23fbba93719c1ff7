import { defineLayer } from "../layer.js";

export default defineLayer({
  name: "relu",
  summary: "Zero for everything negative; the rest rescaled to eight bits by a shift that the largest value picks.",
  parameters: {},
  rescales: true,
  infer: ({ element, shape }) =>
    element === "i32" ? { element: "i8", shape } : { needs: "i32 sums", remedy: "put it after a layer with weights" },
  train: (on, input) => on.relu(input),
  reference: ({ input }) => rescale(input),
});

/** Divides by the power of two that brings the largest value below 128, rounding half up; negatives become 0. */
function rescale(sums: Int32Array): Int32Array {
  const shift = rescaleShift(sums);
  const half = (1 << shift) >> 1;
  return sums.map((sum) => (sum < 0 ? 0 : Math.min(127, (sum + half) >> shift)));
}

/** How many bits the largest value has above the lowest seven. */
function rescaleShift(sums: Int32Array): number {
  let largest = 0;
  for (const sum of sums) if (sum > largest) largest = sum;
  return 32 - Math.clz32(largest >> 7);
}
