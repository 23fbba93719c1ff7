import type { PreparedDataset } from "#compiler/data/dataset.js";
import { classOfClaim } from "#compiler/elaborate/claims.js";
import type { Claim } from "#compiler/ir/module.js";
import { layerOf, type Network } from "#compiler/ir/network.js";
import { type Activation, sameShape, sizeOf } from "#compiler/ir/types.js";
import { spanText } from "#grammar/source.js";
import { exitCodes, Failure } from "../failure.js";

const shown = (shape: readonly number[]): string => `[${shape.join(", ")}]`;

/** How many names of classes a message lists. */
const mostNames = 30;

/** What the samples of a network are made of. */
export function elementReadBy({ name, layers }: Network): Activation {
  const { element } = layers[0]!.type;
  if (element === "i32") throw new Error(`the input of ${name} is ${element}`);
  return element;
}

/** Refuses data that a network does not read, or whose classes it does not answer with; throws a `Failure`. */
export function checkFits(network: Network, data: Pick<PreparedDataset, "shape" | "element" | "classes">): void {
  const { shape } = network.layers[0]!.type;
  const element = elementReadBy(network);
  if (data.element !== element) throw new Error(`${network.name} reads ${element}, but the samples were made ${data.element}`);
  if (!sameShape(data.shape, shape)) {
    throw new Failure(
      `${network.name} reads ${shown(shape)}, but the samples are ${shown(data.shape)}`,
      remedyFor(element, shape, data.shape),
      exitCodes.rejected,
    );
  }
  const answers = sizeOf(layerOf(network, network.result).type.shape);
  const { classes } = data;
  if (answers !== classes.length) {
    const names = `${classes
      .slice(0, mostNames)
      .map((name) => JSON.stringify(name))
      .join(", ")}${classes.length > mostNames ? ", …" : ""}`;
    throw new Failure(
      `${network.name} answers with one of ${answers} classes, but the data has ${classes.length}: ${names}`,
      classes.length === 1
        ? "give samples of at least two classes: of one there is nothing to tell apart"
        : "give the last layer one unit for each class",
      exitCodes.rejected,
    );
  }
}

/** How samples become those that a network reads, or the network one that reads them. */
function remedyFor(element: Activation, needed: readonly number[], given: readonly number[]): string {
  const asWritten = `write \`input ${element}${shown(given)}\``;
  if (sizeOf(needed) !== sizeOf(given)) return `${asWritten}, or let the dataset make samples of that shape`;
  const axes = axesOf(needed, given);
  if (axes !== undefined) {
    return `${asWritten}, or change the order of the axes: in NumPy, \`samples.transpose(0, ${axes.map((axis) => axis + 1).join(", ")})\``;
  }
  return `${asWritten}, or give the samples that shape: in NumPy, \`samples.reshape(-1, ${needed.join(", ")})\`, in \`csv\` by \`shape:\``;
}

/** Where each axis of a shape stands in the other; undefined when they have other axes. */
function axesOf(needed: readonly number[], given: readonly number[]): readonly number[] | undefined {
  const axes: number[] = [];
  for (const extent of needed) {
    const axis = given.findIndex((each, i) => each === extent && !axes.includes(i));
    if (axis < 0) return undefined;
    axes.push(axis);
  }
  return axes.length === given.length ? axes : undefined;
}

/** Refuses claims about classes of which there is nothing to test with: nobody could decide them. Throws a `Failure`. */
export function checkTested(claims: readonly Claim[], { test, classes }: Pick<PreparedDataset, "test" | "classes">): void {
  const present = new Set(test.labels);
  for (const claim of claims) {
    const name = classOfClaim(claim);
    if (name === undefined || present.has(classes.indexOf(name))) continue;
    throw new Failure(
      `\`${spanText(claim.origin)}\` cannot be decided: the test set has no samples of ${JSON.stringify(name)}`,
      "record more of them, or deal the test set a larger share: `split(test: …)`",
      exitCodes.rejected,
    );
  }
}
