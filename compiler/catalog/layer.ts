import type { Element, TensorType } from "../ir/types.js";
import type { Bounds, KnownWeights } from "./shapes/bounds.js";
import type { Graph } from "./graph.js";
import type { IntegerGraph } from "./integer-graph.js";
import type { ArgumentsOf, Definition, Parameters } from "./parameter.js";

/** What a layer needs instead of its input, as the end of the sentence "dense needs …". */
export interface Needs {
  readonly needs: string;
  readonly remedy?: string;
}

/** The inferred output type, or what the layer needs instead of its inputs. */
export type Inference = TensorType | Needs;

/**
 * Grouped access: an output channel reads `planes` input channels; after every `every` output channels the window of input
 * channels advances to the next group.
 */
export interface ChannelAccess {
  readonly planes: number;
  readonly every: number;
}

/** Depthwise access: output channel i reads input channel i. */
export const ownChannel: ChannelAccess = { planes: 1, every: 1 };

/** Input and output types. The first input is the one before `->`; the others are those that arguments name. */
export interface Typed {
  readonly inputTypes: readonly TensorType[];
  readonly outputType: TensorType;
}

export interface LayerRun extends Typed {
  /** The inputs' values, channel by channel, each row by row; never written. */
  readonly inputs: readonly Int32Array[];
  /** Integer levels, rows first; empty for a layer without weights. */
  readonly weights: Int32Array;
}

/** What a layer gets in the forward pass of training: a batch of integers, whose scale it need not know. */
export interface LayerPass<T> extends Typed {
  /** Integers of one scale; int8 values where the layer has weights and reads i8. */
  readonly inputs: readonly T[];
  /** Levels. */
  readonly weights: T | undefined;
}

/** What a layer gets where its integers are exported to another runtime. */
export interface ExactPass<T> extends Typed {
  readonly inputs: readonly T[];
  /** Integer levels, rows first; empty for a layer without weights. */
  readonly weights: Int32Array;
}

export interface LayerReach extends Typed {
  /** The intervals of the inputs. */
  readonly inputs: readonly Bounds[];
  readonly weights: KnownWeights;
}

/**
 * A layer has one definition with two meanings: `train`, float and differentiable, and `reference`, the integers
 * that ship. Both are in its file, with what it accepts and how it is documented.
 */
export interface LayerDefinition<P extends Parameters = Parameters> extends Definition<P> {
  /** The type rule. `wanted` is the element type that its readers read: only a layer that can give either asks. */
  infer(inputs: readonly TensorType[], attributes: ArgumentsOf<P>, wanted: Element): Inference;
  /** The element type that it reads, where the layer before can give either; `as-wanted` passes on what its own readers want. */
  reads?(attributes: ArgumentsOf<P>): Element | "as-wanted";
  /** Shape of the weights, outputs first, in PyTorch's order; absent for layers without weights. */
  weights?(input: TensorType, attributes: ArgumentsOf<P>): readonly number[];
  /** The name of the parameter with the number of outputs. */
  readonly outputs?: string;
  /** Only the tensor's type changes, as in a reshape: its bytes stay where they are, and a plan spends no step on it. */
  readonly isReinterpret?: true;
  /** The input channels that one output channel reads; undefined where it needs all of them. */
  channelwise?(types: Typed, attributes: ArgumentsOf<P>): ChannelAccess | undefined;
  /**
   * Elementwise and non-decreasing, so it commutes with max-pooling; where it requantizes to i8, its scale depends on the
   * tensor's maximum.
   */
  readonly monotonic?: true;
  /** Max-pooling: every output is the maximum of a window; whether the windows cover every input, or only some. */
  picks?(types: Typed, attributes: ArgumentsOf<P>): "all" | "some";
  /** Where it gives i8, it requantizes sums by the power of two that their maximum picks; training does it where they are read. */
  readonly requantizes?: true;
  /** It is trained with operations on images, which not every engine has. */
  readonly images?: true;
  /**
   * The forward pass of a batch of integers. A layer without weights that gives i8 commutes with positive factors, so that it
   * need not know their scale.
   */
  train<T>(on: Graph<T>, pass: LayerPass<T>, attributes: ArgumentsOf<P>): T;
  /** The integers that ship: the definition of correct. */
  reference(run: LayerRun, attributes: ArgumentsOf<P>): Int32Array;
  /** The integers of `reference` as operations of other runtimes; a layer without it cannot be exported to them. */
  exact?<T>(on: IntegerGraph<T>, pass: ExactPass<T>, attributes: ArgumentsOf<P>): T;
  /** The intervals of its outputs: interval arithmetic on those of its inputs. */
  bounds(reach: LayerReach, attributes: ArgumentsOf<P>): Bounds;
}

export const defineLayer = <const P extends Parameters>(layer: LayerDefinition<P>): LayerDefinition<P> => layer;
