/**
 * The computation of a training step as a graph of values. Nodes are immutable, and equal ones are the same object, so
 * that what the backward pass has in common with the forward pass is computed once.
 */
export interface Node {
  readonly op: Operation;
  readonly inputs: readonly Node[];
  /** What the operation is told beside its inputs: a constant, the name of a layer. */
  readonly parameters: readonly (number | string)[];
  readonly extent: Extent;
  /** Values per sample of a `feature` node; 1 for others. */
  readonly width: number;
  /** In the order of creation: inputs come first. */
  readonly id: number;
}

/** Whether there is a value for the whole batch, for each sample, or for each feature of each sample. */
export type Extent = "batch" | "sample" | "feature";

/** What a step is given. `share` is 1 / batch for each sample, `importance` that times the weight of its class. */
export type Leaf = "samples" | "label" | "share" | "importance" | "levels" | "unit" | "literal" | "index";

export type Elementwise =
  | "add"
  | "multiply"
  | "divide"
  | "reciprocal"
  | "offset"
  | "scale"
  | "abs"
  | "squareRoot"
  | "clamp"
  | "round"
  | "floor"
  | "powerBelow"
  | "exp"
  | "equal"
  /** The first input where the second is above zero, else zero. */
  | "gate"
  /** Its first input; gradients take another way, or none. */
  | "straightThrough"
  | "constant";

export type Reduction = "featureSum" | "featureMax" | "batchSum";

/** Matrix products: sums of a layer, the gradient by its input, the gradient by its weights. */
export type Product = "product" | "inputGradient" | "weightGradient";

export type Operation = Leaf | Elementwise | Reduction | Product;

export const isProduct = ({ op }: Node): boolean => op === "product" || op === "inputGradient" || op === "weightGradient";
export const isReduction = ({ op }: Node): boolean => op === "featureSum" || op === "featureMax" || op === "batchSum";

const order: readonly Extent[] = ["batch", "sample", "feature"];
export const isWider = (one: Extent, other: Extent): boolean => order.indexOf(one) > order.indexOf(other);

/** Makes nodes; asked for the same twice, gives the same. */
export interface NodeTable {
  /** The extent and width are those of the widest input unless given. */
  make(op: Operation, inputs: readonly Node[], parameters?: Node["parameters"], size?: Pick<Node, "extent" | "width">): Node;
}

export function nodeTable(): NodeTable {
  const known = new Map<string, Node>();
  return {
    make: (op, inputs, parameters = [], size = widest(inputs)) => {
      const key = [op, inputs.map(({ id }) => id), parameters, size.extent, size.width].join("|");
      const found = known.get(key) ?? { op, inputs, parameters, extent: size.extent, width: size.width, id: known.size };
      known.set(key, found);
      return found;
    },
  };
}

const widest = (inputs: readonly Node[]): Pick<Node, "extent" | "width"> =>
  inputs.reduce((best, input) => (isWider(input.extent, best.extent) ? input : best));
