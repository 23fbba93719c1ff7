import * as tf from "@tensorflow/tfjs-core";
import { imageRules } from "./tfjs-image-gradients.js";

export type Gradient = (dy: tf.Tensor, saved: tf.Tensor[], attributes: tf.NamedAttrMap) => Readonly<Record<string, () => tf.Tensor>>;

export interface Rule {
  readonly gradient: Gradient;
  readonly inputs?: string[];
  readonly outputs?: boolean[];
  /** Whether its inputs are a list, all of which are saved; their gradients go by number. */
  readonly list?: true;
}

/** Sums over the axes along which an operand of `shape` was repeated: [batch, 1], or a scalar. */
function unrepeat(gradient: tf.Tensor, shape: number[]): tf.Tensor {
  if (gradient.shape.join() === shape.join()) return gradient;
  if (tf.util.sizeFromShape(shape) === 1) return tf.reshape(tf.sum(gradient), shape);
  return tf.sum(gradient, -1, true);
}

/** One where `x` is above zero. Comparisons are scalar loops in the WASM backend; `step` is not. */
const isPositive = (x: tf.Tensor): tf.Tensor => tf.step(x);

/**
 * Gradients of the kernels that `tfjs-graph.ts` uses. tfjs-core registers none in Node, and the usual ones run the WASM
 * backend's slow paths: products with a transposed operand and comparisons take ten times as long as these.
 */
const rules: Readonly<Record<string, Rule>> = {
  [tf.BatchMatMul]: {
    inputs: ["a", "b"],
    gradient: (dy, [a, b]) => ({
      a: () => tf.matMul(dy as tf.Tensor2D, tf.transpose(b!) as tf.Tensor2D),
      b: () => tf.matMul(tf.transpose(a!) as tf.Tensor2D, dy as tf.Tensor2D),
    }),
  },
  [tf.Transpose]: { gradient: (dy, _saved, { perm }) => ({ x: () => tf.transpose(dy, inverse(perm as number[])) }) },
  [tf.Add]: {
    inputs: ["a", "b"],
    gradient: (dy, [a, b]) => ({ a: () => unrepeat(dy, a!.shape), b: () => unrepeat(dy, b!.shape) }),
  },
  [tf.Multiply]: {
    inputs: ["a", "b"],
    gradient: (dy, [a, b]) => ({ a: () => unrepeat(tf.mul(dy, b!), a!.shape), b: () => unrepeat(tf.mul(dy, a!), b!.shape) }),
  },
  [tf.RealDiv]: {
    inputs: ["a", "b"],
    gradient: (dy, [a, b]) => ({
      a: () => unrepeat(tf.div(dy, b!), a!.shape),
      b: () => unrepeat(tf.neg(tf.div(tf.mul(dy, a!), tf.square(b!))), b!.shape),
    }),
  },
  [tf.Abs]: { inputs: ["x"], gradient: (dy, [x]) => ({ x: () => tf.mul(dy, tf.sub(isPositive(x!), isPositive(tf.neg(x!)))) }) },
  [tf.Square]: { inputs: ["x"], gradient: (dy, [x]) => ({ x: () => tf.mul(dy, tf.mul(x!, 2)) }) },
  [tf.Sqrt]: { outputs: [true], gradient: (dy, [y]) => ({ x: () => tf.div(dy, tf.mul(y!, 2)) }) },
  [tf.Relu]: { outputs: [true], gradient: (dy, [y]) => ({ x: () => tf.mul(dy, isPositive(y!)) }) },
  [tf.Floor]: { gradient: (dy) => ({ x: () => tf.zerosLike(dy) }) },
  [tf.ClipByValue]: {
    inputs: ["x"],
    gradient: (dy, [x], { clipValueMin, clipValueMax }) => ({
      x: () => tf.mul(dy, tf.mul(isPositive(tf.sub(x!, clipValueMin as number)), isPositive(tf.sub(clipValueMax as number, x!)))),
    }),
  },
  [tf.Mean]: { inputs: ["x"], gradient: (dy, [x]) => ({ x: () => tf.div(tf.mul(dy, tf.onesLike(x!)), x!.size / dy.size) }) },
  [tf.Max]: {
    inputs: ["x"],
    outputs: [true],
    gradient: (dy, [x, y]) => ({
      x: () => {
        const largest = tf.cast(tf.equal(x!, y!), "float32");
        return tf.div(tf.mul(dy, largest), tf.sum(largest, -1, true));
      },
    }),
  },
  [tf.Reshape]: { inputs: ["x"], gradient: (dy, [x]) => ({ x: () => tf.reshape(dy, x!.shape) }) },
};

/** The order that undoes a transposition. */
const inverse = (order: readonly number[]): number[] => order.map((_, axis) => order.indexOf(axis));

/** Registers the gradients with tfjs, in place of any that a package brought along. */
export function registerGradients(): void {
  for (const [kernelName, { gradient, inputs, outputs, list }] of Object.entries({ ...rules, ...imageRules })) {
    if (tf.getGradient(kernelName) != null) tf.unregisterGradient(kernelName);
    tf.registerGradient({
      kernelName,
      gradFunc: (dy, saved, attributes) => gradient(dy as tf.Tensor, saved, attributes) as Record<string, () => tf.Tensor>,
      ...(inputs === undefined ? {} : { inputsToSave: inputs }),
      ...(list === undefined ? {} : { saveAllInputs: list }),
      ...(outputs === undefined ? {} : { outputsToSave: outputs }),
    });
  }
}
