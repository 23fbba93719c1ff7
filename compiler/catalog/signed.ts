import { elementRange, type Range, type TensorType } from "../ir/types.js";
import { signedOf } from "./activation.js";
import type { Graph } from "./graph.js";
import type { IntegerGraph } from "./integer-graph.js";
import { type LayerDefinition, ownChannel } from "./layer.js";
import { type ArgumentsOf, type Parameters } from "./parameter.js";
import { exactFixed, requantizeFixed, trainFixed } from "./requantize.js";
import { everywhere } from "./shapes/bounds.js";

/** An activation function of sums, which keeps their sign. */
interface SignedFunction<A> {
  of(sum: number, attributes: A): number;
  train<T>(on: Graph<T>, sums: T, attributes: A): T;
  exact<T>(on: IntegerGraph<T>, sums: T, attributes: A): T;
}

type Behaviour<P extends Parameters> = Pick<
  LayerDefinition<P>,
  "infer" | "channelwise" | "constants" | "monotonic" | "requantizes" | "activate" | "train" | "reference" | "exact" | "bounds"
>;

/** The behaviour of layers that requantize sums, or a function of each, to signed activations of a fixed range. */
export const signedActivations = <P extends Parameters>(activation: SignedFunction<ArgumentsOf<P>>): Behaviour<P> => ({
  infer: ([input], _attributes, wanted) => {
    if (input!.element !== "i32") return { needs: "i32 sums", remedy: "put it after a layer with weights" };
    if (wanted !== "i32" && wanted.ones !== undefined)
      return {
        gives: "signed activations, any bits of which may be set",
        remedy: `use \`relu\`, or set \`activations: ${wanted.bits}bit\``,
      };
    if (wanted === "i32" || wanted.range !== "fixed")
      return { gives: "signed activations of a fixed range", remedy: "set `range: fixed` of the layers that read it, or use `relu`" };
    return { ...input!, element: signedOf(wanted.bits), range: "fixed" };
  },
  channelwise: () => ownChannel,
  constants: () => [],
  monotonic: true,
  requantizes: true,
  activate: (sum, attributes) => activation.of(sum, attributes),
  train: (on, { inputs: [input], outputType, weights }, attributes) => {
    const { low, high } = rangeOf(outputType);
    return trainFixed(on, activation.train(on, input!, attributes), weights!, { low, high });
  },
  reference: ({ inputs: [input], outputType, weights }, attributes) => {
    const { low, high } = rangeOf(outputType);
    return requantizeFixed(
      input!.map((sum) => activation.of(sum, attributes)),
      weights[0]!,
      { low, high },
    );
  },
  exact: (on, { inputs: [input], outputType, weights }, attributes) => {
    const { low, high } = rangeOf(outputType);
    return exactFixed(on, activation.exact(on, input!, attributes), weights[0]!, { low, high });
  },
  bounds: ({ outputType }) => {
    const { low, high } = rangeOf(outputType);
    return everywhere(low, high);
  },
});

const rangeOf = ({ element }: TensorType): Range => {
  if (element === "i32") throw new Error("activations are no sums");
  return elementRange(element);
};
