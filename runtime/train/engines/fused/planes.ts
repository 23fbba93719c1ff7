import { isSliding, type Node } from "./graph/node.js";
import { convolutionOf, isDepthwise, memoryOperands, sourcesOf } from "./sliding.js";

/**
 * Everything at one level that slides over maps of as many channels: for each sample and each four channels, one loop
 * over the places of a map after the other, on planes that fit into the nearest cache.
 */
export interface PlanesStage {
  readonly kind: "planes";
  readonly level: number;
  readonly channels: number;
  /** In an order in which each can be computed. */
  readonly nodes: readonly Node[];
  readonly planes: readonly ScratchPlane[];
  /** The node of the stage after which a plane can be known, where there is one. */
  readonly madeBy: ReadonlyMap<ScratchPlane, Node>;
}

/**
 * A value that windows slide over, in scratch memory, with zeros around and, for the gradient of strides, between. Either
 * four channels in lanes, or all channels of the sample one after the other.
 */
export interface ScratchPlane {
  readonly node: Node;
  readonly lanes: boolean;
  /** Places from one value to the next. */
  readonly spacing: number;
  /** Zeros above the first row and left of the first column. */
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
  /** Channels that there is room for. */
  readonly channels: number;
}

export function planesStage(level: number, channels: number, unordered: readonly Node[], kept: ReadonlySet<Node>): PlanesStage {
  const nodes = [...unordered].sort((one, other) => one.id - other.id);
  const wanted = nodes.flatMap(wantedBy);
  // A value that windows slide over in several ways lies once for each spacing, with all zeros that any wants.
  const planes = new Map<string, ScratchPlane>();
  for (const plane of wanted) {
    const key = [plane.node.id, plane.lanes, plane.spacing].join("|");
    planes.set(key, joined(planes.get(key) ?? plane, plane));
  }
  for (const node of nodes.filter(({ op }) => op === "kernelGradient")) {
    const [slope] = node.inputs;
    if ([...planes.values()].every((plane) => plane.node !== slope || !plane.lanes)) planes.set(`${slope!.id}|slope`, plain(slope!));
  }
  const hasPlane = (node: Node): boolean => [...planes.values()].some((plane) => plane.node === node && plane.lanes);
  // What is made in a loop of this stage, and read in another.
  const passed = nodes
    .flatMap(({ inputs }) => inputs)
    .flatMap((root) => {
      const leaves = sameStageLeaves(root, nodes);
      return hasPlane(root) ? leaves.slice(0, -1) : leaves;
    });
  for (const leaf of new Set(passed)) if (!kept.has(leaf) && !hasPlane(leaf)) planes.set(`${leaf.id}|leaf`, plain(leaf));
  const ordered = [...planes.values()].sort((one, other) => one.node.id - other.node.id);
  const madeBy = ordered
    .filter((plane) => plane.lanes)
    .flatMap((plane): [ScratchPlane, Node][] => {
      const last = sameStageLeaves(plane.node, nodes).at(-1);
      return last === undefined ? [] : [[plane, last]];
    });
  return { kind: "planes", level, channels, nodes, planes: ordered, madeBy: new Map(madeBy) };
}

const plain = (node: Node): ScratchPlane => ({
  node,
  lanes: true,
  spacing: 1,
  top: 0,
  left: 0,
  height: node.map.height,
  width: node.map.width,
  channels: 4,
});

function joined(one: ScratchPlane, other: ScratchPlane): ScratchPlane {
  const [top, left] = [Math.max(one.top, other.top), Math.max(one.left, other.left)];
  const after = (size: "height" | "width", before: "top" | "left"): number =>
    Math.max(one[size] - one[before], other[size] - other[before]);
  return {
    ...one,
    top,
    left,
    height: top + after("height", "top"),
    width: left + after("width", "left"),
    channels: Math.max(one.channels, other.channels),
  };
}

/** The planes that a node's windows slide over. */
function wantedBy(node: Node): readonly ScratchPlane[] {
  if (node.op !== "convolve" && node.op !== "convolveGradient" && node.op !== "kernelGradient") return [];
  const geometry = convolutionOf(node);
  const { input, output, kernel, stride, padding } = geometry;
  const turned = node.op === "convolveGradient";
  const operand = node.inputs[node.op === "kernelGradient" ? 1 : 0]!;
  const lanes = memoryOperands(node).length === 0;
  const count = isDepthwise(geometry) ? 4 : operand.map.channels + sourcesOf(geometry, turned).count + 3;
  const place = { node: operand, lanes, channels: lanes ? 4 : count };
  if (turned) {
    const [top, left] = [kernel.height - 1 - padding.top, kernel.width - 1 - padding.left];
    return [{ ...place, spacing: stride, top, left, height: input.height + kernel.height - 1, width: input.width + kernel.width - 1 }];
  }
  const extent = (before: number, size: number, windows: number, taps: number): number =>
    Math.max(before + size, (windows - 1) * stride + taps);
  const height = extent(padding.top, input.height, output.height, kernel.height);
  const width = extent(padding.left, input.width, output.width, kernel.width);
  return [{ ...place, spacing: 1, top: padding.top, left: padding.left, height, width }];
}

/** The nodes of the same stage that `root` is computed from, value by value; the last is made last. */
function sameStageLeaves(root: Node, nodes: readonly Node[]): readonly Node[] {
  const found = new Set<Node>();
  const visit = (node: Node): void => {
    if (nodes.includes(node)) found.add(node);
    if (!isSliding(node) && node.extent === "feature") node.inputs.forEach(visit);
  };
  visit(root);
  return [...found].sort((one, other) => one.id - other.id);
}
