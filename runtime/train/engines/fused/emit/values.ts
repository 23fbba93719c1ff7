import type { Body } from "#compiler/wasm/function.js";
import { f32x4, i32, type I32, type V128, v128 } from "#compiler/wasm/instructions.js";
import { isReduction, type Node } from "../graph/node.js";
import type { Layout } from "../layout.js";
import { scalarOf } from "../constants.js";
import { type Block, blockAt } from "./block.js";
import { elementwise } from "./elementwise.js";

/** The values of nodes while a rows function is written: each is computed once where it is asked for first. */
export interface Values {
  /** Goes on to other four samples, the rows from `row` on. */
  enterBlock(row: I32): void;
  /** Where the matrices of the four samples are. */
  readonly block: Block;
  /** The same number in all lanes. */
  ofBatch(node: Node): V128;
  /** A number of each of the four samples. */
  ofSamples(node: Node): V128;
  /** Says what a reduction of these samples came to. */
  reduced(node: Node, value: V128): void;
  /**
   * Four features of one sample, at a position in bytes of float32; narrower nodes are looked up in `lanes`. Everything
   * that one call of this gives may be shared.
   */
  ofFeatures(sample: number, position: I32, lanes: ReadonlyMap<Node, readonly V128[]>): (node: Node) => V128;
}

export function rowValues(body: Body, frame: I32, layout: Layout): Values {
  const { frame: places } = layout;
  const ofWhole = new Map<Node, V128>();
  let ofBlock = new Map<Node, V128>();
  let block: Block | undefined;

  const computed = (node: Node, valueOf: (input: Node) => V128): V128 => {
    if (node.op === "literal") return f32x4.const(Number(node.parameters[0]));
    const emit = elementwise[node.op as keyof typeof elementwise];
    return emit(node.inputs.map(valueOf), node.parameters, body);
  };

  const ofBatch = (node: Node): V128 =>
    remembered(ofWhole, node, () => {
      const scalar = scalarOf(layout, node);
      return body.let(scalar === undefined ? computed(node, ofBatch) : v128.load32_splat(i32.const(0), scalar));
    });

  const ofSamples = (node: Node): V128 => {
    if (node.extent === "batch") return ofBatch(node);
    return remembered(ofBlock, node, () => {
      const isHeld = isReduction(node) || node.inputs.length === 0;
      const column = isHeld ? (places.columns.get(node) ?? places.columns.get(node.op)) : undefined;
      return body.let(column === undefined ? computed(node, ofSamples) : v128.load(block!.column, column));
    });
  };

  return {
    enterBlock: (row) => {
      ofBlock = new Map();
      block = blockAt(body, frame, layout, row);
    },
    get block() {
      return block!;
    },
    ofBatch,
    ofSamples,
    reduced: (node, value) => void ofBlock.set(node, value),
    ofFeatures: (sample, position, lanes) => {
      const known = new Map<Node, V128>();
      const valueOf = (node: Node): V128 =>
        lanes.get(node)?.[sample] ??
        remembered(known, node, () => body.let(block!.load(node, sample, position) ?? computed(node, valueOf)));
      return valueOf;
    },
  };
}

function remembered(known: Map<Node, V128>, node: Node, make: () => V128): V128 {
  const value = known.get(node) ?? make();
  known.set(node, value);
  return value;
}
