import * as tf from "@tensorflow/tfjs-core";
import { impliedClip, levelValue, quantize } from "#compiler/catalog/codebook/codebook.js";
import { catalog } from "#compiler/catalog/index.js";
import { onNumbers, updateWeights } from "#compiler/catalog/training.js";
import { biasStep, integersOf, weightedBefore } from "#compiler/catalog/integers.js";
import { biasLayers, type Layer, type LayerId, type Network } from "#compiler/ir/network.js";
import type { Weights } from "#compiler/ir/weights.js";
import { optimizerOf } from "../averaging.js";
import { clipLearner } from "../clip-learning.js";
import type { Batch, Engine, EngineTask, StepResult } from "../engine.js";
import { activityOf, forward, forwardValues, type Held } from "../forward.js";
import { softmaxCrossEntropy } from "../loss.js";
import { learnedMask, maskSlopes } from "../mask-learning.js";
import { copyOf, type LayerState, noState, type TrainingState, weightsOfState } from "../state.js";
import { useFastestBackend } from "./tfjs-backend.js";
import { registerGradients } from "./tfjs-gradients.js";
import { tfjsGraph } from "./tfjs-graph.js";
import { channelsLast } from "./tfjs-images.js";

/**
 * Trains with tfjs, which differentiates the graph. Weights are quantized here with the codebook itself, so
 * that what is trained is what ships, and the catalogue's optimizer changes them.
 */
export async function tfjsEngine(task: EngineTask): Promise<Engine> {
  const backend = await useFastestBackend();
  registerGradients();
  let state = noState;
  return {
    name: backend,
    load: (given) => void (state = copyOf(given)),
    state: () => copyOf(state),
    step: (batch, rate) => {
      const { result, ...found } = tidily(() => differentiate(task, state, batch));
      if (Number.isFinite(result.loss)) state = updated(task, state, found, rate);
      return result;
    },
    sums: (inputs) =>
      tidily(
        () => forward(tfjsGraph, task.network, inputTensor(task, inputs), quantizedWeights(task.network, state)).dataSync() as Float32Array,
      ),
    dispose: () => void (state = noState),
  };
}

/** `tf.tidy` for results that are no tensors: all tensors made on the way are disposed of. */
function tidily<R>(work: () => R): R {
  const results: R[] = [];
  tf.tidy(() => void results.push(work()));
  return results[0]!;
}

interface Differentiated {
  readonly result: StepResult;
  readonly gradients: ReadonlyMap<LayerId, Float32Array>;
  /** By the logarithms of masks. */
  readonly slopes: ReadonlyMap<LayerId, Float32Array>;
}

function differentiate(task: EngineTask, state: TrainingState, { inputs, ...answers }: Batch): Differentiated {
  const ids = [...state.layers.keys(), ...state.biases.keys()];
  const weights = quantizedWeights(task.network, state);
  let result: StepResult = { loss: NaN, correct: 0 };
  const loss = tf.customGrad((sums) => {
    const logits = sums as tf.Tensor;
    const { gradient, ...measured } = softmaxCrossEntropy(logits.dataSync() as Float32Array, answers, task.classWeights);
    result = measured;
    return { value: tf.scalar(measured.loss), gradFunc: () => tf.tensor(gradient, logits.shape) };
  });
  const input = inputTensor(task, inputs);
  const lossOf = (...tensors: tf.Tensor[]): tf.Scalar => {
    const held = new Map([...weights, ...ids.map((id, i) => [id, { ...weights.get(id)!, integers: tensors[i]! }] as const)]);
    const values = forwardValues(tfjsGraph, task.network, input, held);
    const { integers, scale } = values.get(task.network.result)!;
    const entropy = loss(tf.mul(integers, scale)) as tf.Scalar;
    const activity = task.sparsity ? activityOf(tfjsGraph, task.network, values) : undefined;
    return activity === undefined ? entropy : tf.add(entropy, tf.mul(tf.mean(activity), task.sparsity!));
  };
  const { grads } = tf.valueAndGrads(lossOf)(ids.map((id) => weights.get(id)!.integers));
  // A weight is level * scale: the gradient by a weight is that by its level, divided by the scale.
  const byWeight = ids.map((id, i) => tf.div(grads[i]!, weights.get(id)!.scale).dataSync() as Float32Array);
  const slopes = ids.flatMap((id, i): [LayerId, Float32Array][] => {
    const mask = state.layers.get(id)?.mask;
    return mask === undefined
      ? []
      : [[id, maskSlopes(grads[i]!.dataSync() as Float32Array, weights.get(id)!.integers.dataSync(), mask.factors.length)]];
  });
  return { result, gradients: new Map(ids.map((id, i) => [id, byWeight[i]!])), slopes: new Map(slopes) };
}

/** The straight-through estimator: the gradient by a quantized weight is applied to its latent one. */
function updated(
  task: EngineTask,
  state: TrainingState,
  { gradients, slopes }: Omit<Differentiated, "result">,
  rate: number,
): TrainingState {
  const definition = optimizerOf(task);
  const step = state.step + 1;
  const constants = definition.constants(task.optimizer.arguments, rate, step);
  const change = ([id, layer]: readonly [LayerId, LayerState]): [LayerId, LayerState] => {
    const { gradient, ...learned } = withLearning(task, layer, gradients.get(id)!, rate, step);
    updateWeights(definition, layer, gradient, constants);
    const mask = layer.mask && learnedMask(layer.mask, slopes.get(id)!, task.masking!.price, task.optimizer, rate, step);
    return [id, { ...layer, ...learned, ...(mask && { mask }) }];
  };
  for (const [id, bias] of state.biases) updateWeights(definition, bias, gradients.get(id)!, constants);
  return { ...state, layers: new Map([...state.layers].map(change)), step };
}

/** The scalar after a step, where it is learned, and the part of the gradient that the weights get. */
function withLearning({ clip, optimizer }: EngineTask, layer: LayerState, gradient: Float32Array, rate: number, step: number) {
  const learner = clipLearner(clip, layer.format);
  if (learner === undefined) return { gradient };
  const quantizer = catalog.quantizers[layer.format]!;
  const levels = quantize(quantizer, { values: layer.weights, rows: 1, clip: layer.clip });
  const gain = quantizer.fullScale / layer.clip[0]!;
  let total = 0;
  const kept = gradient.map((slope, i) => {
    const { growth, keeps } = learner.differentiate(onNumbers, { scaled: layer.weights[i]! * gain, level: levels[i]! });
    total += slope * growth;
    return slope * keeps;
  });
  return { gradient: kept, ...learner.learn(layer, total, optimizer, rate, step) };
}

function quantizedWeights(network: Network, state: TrainingState): Map<LayerId, Held<tf.Tensor>> {
  const weights = weightsOfState(state);
  return new Map<LayerId, Held<tf.Tensor>>([
    ...[...state.layers].map(([id, layer]) => [id, quantizedLayer(layer)] as const),
    ...biasLayers(network).map((layer) => [layer.id, quantizedBias(network, layer, weights)] as const),
    ...[...state.shifts].map(([id, shift]) => [id, { integers: tf.scalar(2 ** -shift), scale: tf.scalar(1) }] as const),
  ]);
}

function quantizedBias(network: Network, layer: Layer, weights: Weights): Held<tf.Tensor> {
  const source = weightedBefore(network, layer.inputs[0]!);
  return {
    integers: tf.tensor(Float32Array.from(integersOf(network, layer, weights)), [layer.constants![0]!, 1]),
    scale: tf.scalar(biasStep(network, source, weights.get(source.id)!)),
  };
}

function quantizedLayer({ shape, format, weights, clip: given, mask }: LayerState): Held<tf.Tensor> {
  const quantizer = catalog.quantizers[format]!;
  const clip = impliedClip(quantizer, weights) ?? given;
  const levels = quantize(quantizer, { values: weights, rows: shape[0]!, clip });
  return {
    integers: tf.tensor(Float32Array.from(levels), [...shape]),
    scale: tf.scalar(levelValue(quantizer, clip)),
    ...(mask && { mask: tf.tensor(mask.factors) }),
  };
}

/** int8 samples as integers, channels last (NHWC). */
function inputTensor({ network }: EngineTask, inputs: Int8Array): tf.Tensor {
  const { shape } = network.layers[0]!.type;
  const count = inputs.length / tf.util.sizeFromShape([...shape]);
  // A loop: `Float32Array.from` takes as long as the rest of a step.
  const values = new Float32Array(inputs.length);
  for (let i = 0; i < inputs.length; i++) values[i] = inputs[i]!;
  return channelsLast(tf.tensor(values, [count, ...shape.slice(-1), ...shape.slice(0, -1)]));
}
