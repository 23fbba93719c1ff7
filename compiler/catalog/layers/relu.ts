import { everywhere, mapBounds } from "../shapes/bounds.js";
import type { Graph } from "../graph.js";
import type { IntegerGraph } from "../integer-graph.js";
import { defineLayer, ownChannel } from "../layer.js";
import { wideShift } from "../wide.js";

export default defineLayer({
  name: "relu",
  summary:
    "Rectified linear unit: negative sums become 0. The others are requantized to i8 by a right shift that the largest of them picks, or, " +
    `where the next layer reads sums, shifted right by ${wideShift}.`,
  parameters: {},
  infer: ([input], _attributes, wanted) =>
    input!.element === "i32"
      ? { element: wanted, shape: input!.shape }
      : { needs: "i32 sums", remedy: "put it after a layer with weights" },
  channelwise: ({ outputType }) => (outputType.element === "i8" ? undefined : ownChannel),
  monotonic: true,
  requantizes: true,
  train: (on, { inputs: [input], outputType }) => (outputType.element === "i8" ? on.relu(input!) : shifted(on, on.relu(input!))),
  reference: ({ inputs: [input], outputType }) => (outputType.element === "i8" ? requantize(input!) : input!.map(shiftDown)),
  exact: (on, { inputs: [input], outputType }) =>
    outputType.element === "i8" ? exactRequantize(on, input!) : on.divideDown(on.atLeast(input!, 0), 2 ** wideShift),
  bounds: ({ inputs: [input], outputType }) => (outputType.element === "i8" ? everywhere(0, 127) : mapBounds(input!, shiftDown)),
});

function shifted<T>(on: Graph<T>, sums: T): T {
  const fractions = on.scale(sums, 2 ** -wideShift);
  return on.straightThrough(on.floor(fractions), fractions);
}

const shiftDown = (sum: number): number => (sum < 0 ? 0 : Math.floor(sum / 2 ** wideShift));

/** Divides by the power of two that brings the largest value below 128, rounding half up; negatives become 0. */
function requantize(sums: Int32Array): Int32Array {
  const shift = requantizeShift(sums);
  const half = (1 << shift) >> 1;
  return sums.map((sum) => (sum < 0 ? 0 : Math.min(127, (sum + half) >> shift)));
}

/** How many bits the largest value has above the lowest seven. */
function requantizeShift(sums: Int32Array): number {
  let largest = 0;
  for (const sum of sums) if (sum > largest) largest = sum;
  return 32 - Math.clz32(largest >> 7);
}

/** Powers of two that a shift may divide by, and half of each, for rounding. */
const divisors = Array.from({ length: 25 }, (_, shift) => 2 ** shift);
const halves = divisors.map((divisor) => Math.floor(divisor / 2));

/** `requantize` without shifts, which runtimes have for unsigned integers only. */
function exactRequantize<T>(on: IntegerGraph<T>, sums: T): T {
  const positive = on.atLeast(sums, 0);
  // The largest has a bit more above the lowest seven for each power of two from 128 on that it reaches.
  const shift = on.countReached(
    on.largest(positive),
    divisors.slice(1).map((divisor) => divisor * 64),
  );
  const rounded = on.add(positive, on.lookUp(halves, shift));
  return on.atMost(on.divide(rounded, on.lookUp(divisors, shift)), 127);
}
