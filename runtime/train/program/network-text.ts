import type { Scaled } from "#compiler/catalog/activation.js";
import type { Graph } from "#compiler/catalog/graph.js";
import { biasLayers, fixedLayers, type LayerId, type Network, weightedLayers } from "#compiler/ir/network.js";
import { activityOf, forwardValues } from "../forward.js";
import { hasImages, imageText } from "./image-text.js";
import { type Expression, invocation, leaf, named, type Statements, statementsOf, withArguments } from "./expression.js";

/** How the program refers to a layer: as a constant's name, and as a property. */
export const constantName = (id: LayerId): string =>
  id
    .replace(/[^\w$]/g, "_")
    .replace(/^(?=\d)/, "_")
    .replace(reserved, "$&_");

/** Words of TypeScript, and what the function around the statements calls its own. */
const reserved =
  /^(arguments|await|break|case|catch|class|const|constant|continue|convolve|debugger|default|delete|do|else|enum|eval|export|extends|false|finally|flatten|for|function|if|image|implements|import|in|instanceof|interface|let|maxPool|new|null|package|powerBelow|private|protected|public|return|shifted|static|straightThrough|sumPool|super|switch|tf|this|throw|true|try|typeof|var|void|weights|while|with|within|yield)$/;

/** Of two in a row the outer one decides where gradients go. */
const straightThrough = (values: Expression, through: Expression): Expression =>
  invocation(
    "rounded",
    "straightThrough",
    values.noun === "rounded" && values.operands.length === 2 ? values.operands[0]! : values,
    through,
  );

/** Unit fractions are easier to read as such. */
export const numberText = (value: number): string =>
  value < 0.1 && 1 / Math.round(1 / value) === value ? `1 / ${Math.round(1 / value)}` : String(value);

/** What the text of a layer is called by: what it is held by. */
interface Names {
  /** The layer of some weights or biases: a constant of its name holds the sums. */
  layer(held: Expression): string;
  /** The layer of a fixed range that divides by this. */
  range(factor: Expression): string | undefined;
}

/** The training graph as calls of tfjs. Without `images`, samples are vectors from the start. */
function textGraph({ layer: sums, range }: Names, images: boolean): Graph<Expression> {
  // Clamped values through which gradients pass: at the bounds those of tfjs would, too.
  const passing = new Map<Expression, Expression>();
  return {
    matmul: (input, weights) => named(sums(weights), invocation("", "tf.matMul", input, invocation("", "tf.transpose", weights))),
    add: (left, right) => invocation("sum", "tf.add", left, right),
    addBias: (input, bias) => named(sums(bias), invocation("", "tf.add", input, bias)),
    multiply: (left, right) => {
      const name = range(right);
      return name === undefined ? invocation("product", "tf.mul", left, right) : withArguments("shifts", "shifted", `"${name}"`, left);
    },
    divide: (left, right) => invocation("quotient", "tf.div", left, right),
    offset: (input, constant) => withArguments("sum", "tf.add", String(constant), input),
    scale: (input, factor) => withArguments("scaled", "tf.mul", String(factor), input),
    abs: (input) => invocation("magnitude", "tf.abs", input),
    square: (input) => invocation("square", "tf.square", input),
    squareRoot: (input) => invocation("root", "tf.sqrt", input),
    relu: (input) => invocation("active", "tf.relu", input),
    clamp: (input, low, high) => {
      const clamped = withArguments("clamped", "tf.clipByValue", `${low}, ${high}`, input);
      passing.set(clamped, withArguments("clamped", "within", `${low}, ${high}`, input));
      return clamped;
    },
    round: (input) => straightThrough(invocation("rounded", "tf.round", input), input),
    floor: (input) => invocation("whole", "tf.floor", input),
    powerBelow: (input) => invocation("power", "powerBelow", input),
    straightThrough: (values, through) => straightThrough(values, passing.get(through) ?? through),
    literal: (value) => leaf(numberText(value)),
    constant: (input) => invocation("scale", "constant", input),
    featureMean: (input) => withArguments("mean", "tf.mean", "-1, true", input),
    featureMax: (input) => withArguments("largest", "tf.max", "-1, true", input),
    mean: (input) => invocation("mean", "tf.mean", input),
    reshape: (input, shape) => withArguments("vector", "tf.reshape", `[-1, ${shape.join(", ")}]`, input),
    ...(images ? { images: imageText(sums) } : {}),
  };
}

/**
 * The body of the program's `network(image, weights)`: statements in a group for each layer. Their results are the logits and, where
 * training asks for it, the activity of each sample.
 */
export function networkText(network: Network, sparsity: number): Statements {
  const summing = [...weightedLayers(network), ...biasLayers(network)];
  const heldOf = ({ id }: { readonly id: LayerId }): Scaled<Expression> => ({
    integers: leaf(`weights.${constantName(id)}.levels`),
    scale: leaf(`weights.${constantName(id)}.scale`),
  });
  const held = new Map(summing.map((layer) => [layer.id, heldOf(layer)]));
  const factors = new Map(fixedLayers(network).map((layer) => [layer.id, heldOf(layer)]));
  const nameIn = (layers: ReadonlyMap<LayerId, Scaled<Expression>>, wanted: Expression): string | undefined => {
    const found = [...layers].find(([, { integers }]) => integers === wanted);
    return found && constantName(found[0]);
  };
  const graph = textGraph({ layer: (integers) => nameIn(held, integers)!, range: (factor) => nameIn(factors, factor) }, hasImages(network));
  const values = forwardValues(graph, network, leaf("image"), new Map([...held, ...factors]));
  const { integers, scale } = values.get(network.result)!;
  const activity = sparsity === 0 ? undefined : activityOf(graph, network, values);
  const { lines, results } = statementsOf(
    [graph.multiply(integers, scale), ...(activity === undefined ? [] : [activity])],
    ["image", "weights", "tf"],
  );
  // A group ends with the sums of its layer, bias included.
  const biased = new Set(biasLayers(network).map(({ inputs }) => inputs[0]!));
  const ends = new Set(summing.filter(({ id }) => !biased.has(id)).map(({ id }) => `const ${constantName(id)} =`));
  const isEnd = (line: string): boolean => ends.has(/^const [\w$]+ =/.exec(line)?.[0] ?? "");
  return { lines: lines.flatMap((line) => (isEnd(line) ? [line, ""] : [line])), results };
}
