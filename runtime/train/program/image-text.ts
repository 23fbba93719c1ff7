import { type Convolution, isPadded } from "#compiler/catalog/shapes/convolution.js";
import type { ImageOperations } from "#compiler/catalog/graph.js";
import { catalog } from "#compiler/catalog/index.js";
import type { PoolWindow } from "#compiler/catalog/shapes/pool.js";
import type { Render } from "#compiler/emit/render.js";
import type { Network } from "#compiler/ir/network.js";
import { type Expression, invocation, named, withArguments } from "./expression.js";

/** Whether some layer slides over images, so that samples are images to the program. */
export const hasImages = ({ layers }: Network): boolean => layers.some(({ op }) => catalog.layers[op]?.images === true);

/** Operations on images as calls of functions that the program has for them; `sums` names the products. */
export const imageText = (sums: (weights: Expression) => string): ImageOperations<Expression> => ({
  convolve: (input, weights, geometry) => {
    const settings = slidingText(geometry);
    return named(
      sums(weights),
      settings === "" ? invocation("", "convolve", input, weights) : withArguments("", "convolve", settings, input, weights),
    );
  },
  maxPool: (input, window) => withArguments("pooled", "maxPool", sizeText(window), input),
  sumPool: (input, window) => withArguments("pooled", "sumPool", sizeText(window), input),
  flatten: (input) => invocation("vector", "flatten", input),
});

const sizeText = ({ height, width }: PoolWindow): string => `[${height}, ${width}]`;

/** What differs from one group of windows at every place inside. */
function slidingText(geometry: Convolution): string {
  const { input, stride, depth } = geometry;
  const groups = input.channels / depth;
  const settings = [
    ...(isPadded(geometry) ? [`edges: [${edgesOf(geometry).join(", ")}]`] : []),
    ...(stride === 1 ? [] : [`stride: ${stride}`]),
    ...(groups === 1 ? [] : [`groups: ${groups}`]),
  ];
  return settings.length === 0 ? "" : `{ ${settings.join(", ")} }`;
}

/** Rows and columns that windows reach over: above, below, left and right. */
function edgesOf({ input, output, kernel, stride, padding: { top, left } }: Convolution): readonly number[] {
  const bottom = (output.height - 1) * stride + kernel.height - top - input.height;
  const right = (output.width - 1) * stride + kernel.width - left - input.width;
  return [top, Math.max(0, bottom), left, Math.max(0, right)];
}

/** The functions of templates/program/images that some lines call, each after those that it calls itself. */
export function imageFunctions(lines: readonly string[], render: Render): readonly string[] {
  const calls = (name: string): boolean => lines.some((line) => line.includes(`${name}(`));
  const pools = ["maxPool", "sumPool"].filter(calls);
  const wanted = [...["convolve"].filter(calls), ...(pools.length > 0 ? ["windows", ...pools] : []), ...["flatten"].filter(calls)];
  return wanted.length === 0 ? [] : ["shapes", ...wanted].map((name) => render(`program/images/${name}.ts.hbs`, {}).trimEnd());
}
