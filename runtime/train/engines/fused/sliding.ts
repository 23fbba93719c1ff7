import type { Convolution } from "#compiler/catalog/shapes/convolution.js";
import type { Node, Windows } from "./graph/node.js";

/** The geometry of a node that convolves, or that is a gradient of that. */
export const convolutionOf = ({ windows }: Node): Convolution =>
  (windows as Extract<Windows, { readonly convolution: Convolution }>).convolution;
/** The windows of a node that pools, or that is the gradient of that. */
export const poolOf = ({ windows }: Node): Extract<Windows, { readonly pool: unknown }> =>
  windows as Extract<Windows, { readonly pool: unknown }>;

/** Whether every output channel is made of the input channel of the same number alone. */
export const isDepthwise = ({ depth, share }: Convolution): boolean => depth === 1 && share === 1;

/** Whether its result is a map whose channels are in the lanes that its operand's were in. */
export const staysInPlace = ({ op }: Node): boolean => op !== "toVector" && op !== "kernelGradient";

/** The channels that a node that slides works on, four at a time. */
export function lanesOf(node: Node): number {
  if (node.op === "kernelGradient") return convolutionOf(node).output.channels;
  return node.op === "toVector" ? node.inputs[0]!.map.channels : node.map.channels;
}

/** The operands of a sliding node of which it needs other channels than its own: they must be known as a whole. */
export function memoryOperands({ op, inputs, windows }: Node): readonly Node[] {
  if (op === "fromVector") return inputs;
  if (windows === undefined || !("convolution" in windows) || isDepthwise(windows.convolution)) return [];
  return op === "kernelGradient" ? [inputs[1]!] : [inputs[0]!];
}

/** Channels that meet in four outputs: so many from some first one on. */
export interface Sources {
  readonly count: number;
  readonly first: (block: number) => number;
  /** Of the outputs with the same sources, and how many sources these have. */
  readonly share: number;
  readonly depth: number;
}

/** What four output channels see, each the same; `turned`, the outputs that see four input channels. */
export function sourcesOf({ depth, share, input, output }: Convolution, turned = false): Sources {
  const [lanes, shared, seen] = turned ? [input.channels, depth, share] : [output.channels, share, depth];
  const first = (block: number): number => Math.floor((4 * block) / shared) * seen;
  if (depth === 1 && share === 1) return { count: 1, first, share: shared, depth: seen };
  const counts = Array.from({ length: Math.ceil(lanes / 4) }, (_, block) => {
    const last = Math.min(4 * block + 3, lanes - 1);
    return (Math.floor(last / shared) + 1) * seen - first(block);
  });
  return { count: Math.max(...counts), first, share: shared, depth: seen };
}
