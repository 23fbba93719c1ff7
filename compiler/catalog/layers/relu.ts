import { unsignedOf } from "../activation.js";
import { everywhere, mapBounds } from "../shapes/bounds.js";
import type { Graph } from "../graph.js";
import { elementRange, type TensorType } from "../../ir/types.js";
import { defineLayer, ownChannel } from "../layer.js";
import { exactFixed, exactRequantize, requantize, requantizeFixed, type Saturation, saturationOf, trainFixed } from "../requantize.js";
import { wideShift } from "../wide.js";

export default defineLayer({
  name: "relu",
  summary:
    "Rectified linear unit: negative sums become 0. The others are requantized to as many bits as the next layer reads, by a right shift " +
    "that the largest of them picks, or training where the range is fixed; " +
    `where the next layer reads sums, they are shifted right by ${wideShift}.`,
  parameters: {},
  infer: ([input], _attributes, wanted) => {
    if (input!.element !== "i32") return { needs: "i32 sums", remedy: "put it after a layer with weights" };
    if (wanted === "i32") return input!;
    if (wanted.ones !== undefined && wanted.range !== "fixed")
      return {
        gives: "few set bits in a fixed range only",
        remedy: `set \`range: fixed\` of the layers that read it, or \`activations: ${wanted.bits}bit\``,
      };
    const { range: _, ...type } = input!;
    return { ...type, element: unsignedOf(wanted), ...(wanted.range === "fixed" && { range: "fixed" }) };
  },
  channelwise: ({ outputType: { element, range } }) => (element === "i32" || range === "fixed" ? ownChannel : undefined),
  constants: ({ element, range }) => (element !== "i32" && range === "fixed" ? [] : undefined),
  monotonic: true,
  requantizes: true,
  activate: (sum) => Math.max(0, sum),
  train: (on, { inputs: [input], outputType, weights }) => {
    const positive = on.relu(input!);
    if (outputType.element === "i32") return shifted(on, positive);
    return outputType.range === "fixed" ? trainFixed(on, positive, weights!, withoutNegative(outputType)) : positive;
  },
  reference: ({ inputs: [input], outputType, weights }) => {
    if (outputType.element === "i32") return input!.map(shiftDown);
    return outputType.range === "fixed"
      ? requantizeFixed(input!, weights[0]!, withoutNegative(outputType))
      : requantize(input!, mostOf(outputType));
  },
  exact: (on, { inputs: [input], outputType, weights }) => {
    const positive = on.atLeast(input!, 0);
    if (outputType.element === "i32") return on.divideDown(positive, 2 ** wideShift);
    return outputType.range === "fixed"
      ? exactFixed(on, positive, weights[0]!, withoutNegative(outputType))
      : exactRequantize(on, positive, mostOf(outputType));
  },
  bounds: ({ inputs: [input], outputType }) =>
    outputType.element === "i32" ? mapBounds(input!, shiftDown) : everywhere(0, mostOf(outputType)),
});

const mostOf = ({ element }: TensorType): number => (element === "i32" ? 0 : elementRange(element).high);

/** Negative sums became zero. */
function withoutNegative({ element }: TensorType): Saturation {
  if (element === "i32") throw new Error("activations are no sums");
  return { ...saturationOf(element), low: 0 };
}

function shifted<T>(on: Graph<T>, sums: T): T {
  const fractions = on.scale(sums, 2 ** -wideShift);
  return on.straightThrough(on.floor(fractions), fractions);
}

const shiftDown = (sum: number): number => (sum < 0 ? 0 : Math.floor(sum / 2 ** wideShift));
