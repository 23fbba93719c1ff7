import type { Scaled } from "#compiler/catalog/activation.js";
import type { Graph } from "#compiler/catalog/graph.js";
import { type LayerId, type Network, weightedLayers } from "#compiler/ir/network.js";
import { forward } from "../forward.js";
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
  /^(arguments|await|break|case|catch|class|const|constant|continue|convolve|debugger|default|delete|do|else|enum|eval|export|extends|false|finally|flatten|for|function|if|image|implements|import|in|instanceof|interface|let|maxPool|new|null|package|powerBelow|private|protected|public|return|static|straightThrough|sumPool|super|switch|tf|this|throw|true|try|typeof|var|void|weights|while|with|yield)$/;

/** Of two in a row the outer one decides where gradients go. */
const straightThrough = (values: Expression, through: Expression): Expression =>
  invocation(
    "rounded",
    "straightThrough",
    values.noun === "rounded" && values.operands.length === 2 ? values.operands[0]! : values,
    through,
  );

/** Unit fractions are easier to read as such. */
const numberText = (value: number): string =>
  value < 0.1 && 1 / Math.round(1 / value) === value ? `1 / ${Math.round(1 / value)}` : String(value);

/** The training graph as calls of tfjs; `sums` names the products, which are the layers. Without `images`, samples are vectors from the start. */
const textGraph = (sums: (weights: Expression) => string, images: boolean): Graph<Expression> => ({
  matmul: (input, weights) => named(sums(weights), invocation("", "tf.matMul", input, invocation("", "tf.transpose", weights))),
  add: (left, right) => invocation("sum", "tf.add", left, right),
  addBias: (input, bias) => invocation("sum", "tf.add", input, bias),
  multiply: (left, right) => invocation("product", "tf.mul", left, right),
  divide: (left, right) => invocation("quotient", "tf.div", left, right),
  offset: (input, constant) => withArguments("sum", "tf.add", String(constant), input),
  scale: (input, factor) => withArguments("scaled", "tf.mul", String(factor), input),
  abs: (input) => invocation("magnitude", "tf.abs", input),
  square: (input) => invocation("square", "tf.square", input),
  squareRoot: (input) => invocation("root", "tf.sqrt", input),
  relu: (input) => invocation("active", "tf.relu", input),
  clamp: (input, low, high) => withArguments("clamped", "tf.clipByValue", `${low}, ${high}`, input),
  round: (input) => straightThrough(invocation("rounded", "tf.round", input), input),
  floor: (input) => invocation("whole", "tf.floor", input),
  powerBelow: (input) => invocation("power", "powerBelow", input),
  straightThrough,
  literal: (value) => leaf(numberText(value)),
  constant: (input) => invocation("scale", "constant", input),
  featureMean: (input) => withArguments("mean", "tf.mean", "-1, true", input),
  featureMax: (input) => withArguments("largest", "tf.max", "-1, true", input),
  mean: (input) => invocation("mean", "tf.mean", input),
  reshape: (input, shape) => withArguments("vector", "tf.reshape", `[-1, ${shape.join(", ")}]`, input),
  ...(images ? { images: imageText(sums) } : {}),
});

/** The body of the program's `network(image, weights)`: statements in a group for each layer, and the sums of the last. */
export function networkText(network: Network): Statements {
  const layers = weightedLayers(network);
  const ids = new Map(layers.map(({ id }) => [leaf(`weights.${constantName(id)}.levels`), id] as const));
  const scaled = new Map(
    [...ids].map(([integers, id]): [LayerId, Scaled<Expression>] => [id, { integers, scale: leaf(`weights.${constantName(id)}.scale`) }]),
  );
  const graph = textGraph((levels) => constantName(ids.get(levels)!), hasImages(network));
  const { lines, results } = statementsOf([forward(graph, network, leaf("image"), scaled)], ["image", "weights", "tf"]);
  const ends = new Set(layers.map(({ id }) => `const ${constantName(id)} =`));
  const isEnd = (line: string): boolean => ends.has(/^const [\w$]+ =/.exec(line)?.[0] ?? "");
  return { lines: lines.flatMap((line) => (isEnd(line) ? [line, ""] : [line])), results };
}
