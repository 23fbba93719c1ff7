import type { TensorType } from "../ir/types.js";
import type { Graph } from "./graph.js";
import type { ExactPass, IntegerGraph } from "./integer-graph.js";
import type { ArgumentsOf, Definition, Parameters } from "./parameter.js";

/** What a layer makes of its input, or what it needs instead, as the end of the sentence "dense needs …". */
export type Inference = TensorType | { readonly needs: string; readonly remedy?: string };

export interface LayerRun {
  /** The input's values, row-major; never written. */
  readonly input: Int32Array;
  readonly inputType: TensorType;
  readonly outputType: TensorType;
  /** Integer levels, rows first; empty for a layer without weights. */
  readonly weights: Int32Array;
}

/**
 * A layer has one definition with two meanings: `train`, float and differentiable, and `reference`, the integers
 * that ship. Both are in its file, with what it accepts and how it is documented.
 */
export interface LayerDefinition<P extends Parameters = Parameters> extends Definition<P> {
  infer(input: TensorType, attributes: ArgumentsOf<P>): Inference;
  /** Shape of the weights, outputs first, in PyTorch's order; absent for layers without weights. */
  weights?(input: TensorType, attributes: ArgumentsOf<P>): readonly number[];
  /** The values stay where they are and only their type changes: a plan spends no step on it. */
  readonly retypes?: true;
  /** Brings sums back to int8 by the power of two that their largest picks; training does it where they are read. */
  readonly rescales?: true;
  /**
   * The forward pass of a batch of whole numbers: `weights` are levels and their input int8 values. A layer without
   * weights commutes with positive factors, so that it need not know what the numbers stand for.
   */
  train<T>(on: Graph<T>, input: T, weights: T | undefined, output: TensorType): T;
  /** The integers that ship: the definition of correct. */
  reference(run: LayerRun, attributes: ArgumentsOf<P>): Int32Array;
  /** The integers of `reference` as operations of other runtimes; a layer without it cannot be exported to them. */
  exact?<T>(on: IntegerGraph<T>, pass: ExactPass<T>, attributes: ArgumentsOf<P>): T;
}

export const defineLayer = <const P extends Parameters>(layer: LayerDefinition<P>): LayerDefinition<P> => layer;
