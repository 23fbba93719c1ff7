import type { Bits, Ones, TensorType } from "../ir/types.js";
import type { Bounds, KnownWeights } from "./shapes/bounds.js";
import type { Graph } from "./graph.js";
import type { IntegerGraph } from "./integer-graph.js";
import type { ArgumentsOf, Definition, Parameters } from "./parameter.js";

/** What a layer needs instead of its input, as the end of the sentence "dense needs …". */
export interface Needs {
  readonly needs: string;
  readonly remedy?: string;
}

/** What only a layer gives whose readers want something else, as the end of the sentence "`requantize1` gives …". */
export interface Gives {
  readonly gives: string;
  readonly remedy: string;
}

/** What the readers of a layer want of one that can give either: sums as they are, or activations of so many bits. */
export type Wanted = "i32" | { readonly bits: Bits; readonly ones?: Ones; readonly range: "sample" | "fixed" };

/** What a layer reads: sums, activations as its settings say, or what its own readers want. */
export type Reads = "i32" | "activations" | "as-wanted";

/** The inferred output type, what the layer needs instead of its inputs, or what it gives that its readers do not read. */
export type Inference = TensorType | Needs | Gives;

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
  /** Integer levels, rows first; the bias of each channel; the shift of a fixed range; else empty. */
  readonly weights: Int32Array;
}

/** What a layer gets in the forward pass of training: a batch of integers, whose scale it need not know. */
export interface LayerPass<T> extends Typed {
  /** Integers of one scale; int8 values where the layer has weights and reads i8. */
  readonly inputs: readonly T[];
  /** Levels, or whole numbers of each channel, or what a fixed range multiplies by: a power of two. */
  readonly weights: T | undefined;
}

/** What a layer gets where its integers are exported to another runtime. */
export interface ExactPass<T> extends Typed {
  readonly inputs: readonly T[];
  /** As in `LayerRun`. */
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
  /** The type rule. `wanted` is what its readers read: only a layer that can give either asks. */
  infer(inputs: readonly TensorType[], attributes: ArgumentsOf<P>, wanted: Wanted): Inference;
  /** What it reads, where the layer before can give either. */
  reads?(attributes: ArgumentsOf<P>): Reads;
  /** Shape of the weights, outputs first, in PyTorch's order; absent for layers without weights. */
  weights?(input: TensorType, attributes: ArgumentsOf<P>): readonly number[];
  /** Shape of the integers that training finds for it besides weights, given what it makes: a bias of each channel, a shift. */
  constants?(output: TensorType): readonly number[] | undefined;
  /** The name of the parameter with the number of outputs. */
  readonly outputs?: string;
  /** Only the tensor's type changes, as in a reshape: its bytes stay where they are, and a plan spends no step on it. */
  readonly isReinterpret?: true;
  /** The input channels that one output channel reads; undefined where it needs all of them. */
  channelwise?(types: Typed, attributes: ArgumentsOf<P>): ChannelAccess | undefined;
  /**
   * Elementwise and non-decreasing in each channel, so it commutes with max-pooling; where it requantizes without a fixed range, its
   * scale depends on the tensor's maximum.
   */
  readonly monotonic?: true;
  /** Max-pooling: every output is the maximum of a window; whether the windows cover every input, or only some. */
  picks?(types: Typed, attributes: ArgumentsOf<P>): "all" | "some";
  /**
   * Where it gives activations, it requantizes sums: by the shift of a fixed range, or by the power of two that their maximum picks,
   * which training does where they are read.
   */
  readonly requantizes?: true;
  /** Its activation function, of one sum before the shift of a fixed range, where it requantizes by one. */
  activate?(sum: number, attributes: ArgumentsOf<P>): number;
  /** Layers with `bias: yes` are followed by it; it cannot be written. */
  readonly implied?: true;
  /** It is trained with operations on images, which not every engine has. */
  readonly images?: true;
  /**
   * The forward pass of a batch of integers. A layer without weights that gives activations of the sample's range commutes with
   * positive factors, so that it need not know their scale.
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
