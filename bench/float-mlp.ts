import { random } from "#compiler/random.js";

/** A table as floats: rows of features, standardized by the training rows, and a class for each. */
export interface FloatTable {
  readonly train: FloatRows;
  readonly test: FloatRows;
  readonly classes: number;
}

export interface FloatRows {
  readonly rows: readonly Float64Array[];
  readonly labels: Uint8Array;
}

interface Layer {
  readonly inputs: number;
  readonly units: number;
  /** Rows of weights, each with its bias at the end. */
  readonly values: Float64Array;
  readonly gradient: Float64Array;
  readonly mean: Float64Array;
  readonly square: Float64Array;
}

export interface FloatTraining {
  readonly hidden: number;
  readonly epochs: number;
  readonly batch: number;
  readonly rate: number;
  readonly seed: number;
}

/** The baseline of the study of defaults: a perceptron of floats with biases and one hidden layer of relu, trained by Adam with a cosine. Returns its test accuracy. */
export function floatPerceptron({ train, test, classes }: FloatTable, { hidden, epochs, batch, rate, seed }: FloatTraining): number {
  const features = train.rows[0]!.length;
  const layers = [layerOf(features, hidden, seed, "one"), layerOf(hidden, classes, seed, "two")] as const;
  const order = Uint32Array.from(train.rows.keys());
  const draw = random("order", seed);
  const stepsAll = epochs * Math.ceil(order.length / batch);
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let i = order.length - 1; i > 0; i--) {
      const j = draw.below(i + 1);
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    for (let first = 0; first < order.length; first += batch) {
      const chosen = order.subarray(first, first + batch);
      for (const i of chosen) accumulate(layers, train.rows[i]!, train.labels[i]!, 1 / chosen.length);
      const now = (rate / 2) * (1 + Math.cos((Math.PI * step) / stepsAll));
      step++;
      for (const layer of layers) adam(layer, now, step);
    }
  }
  const right = test.rows.filter((row, i) => argmax(sums(layers[1], relu(sums(layers[0], row)))) === test.labels[i]).length;
  return right / test.rows.length;
}

function layerOf(inputs: number, units: number, seed: number, name: string): Layer {
  const draw = random("float", seed, name);
  const bound = 1 / Math.sqrt(inputs);
  const size = units * (inputs + 1);
  const zeros = (): Float64Array => new Float64Array(size);
  return {
    ...{ inputs, units, gradient: zeros(), mean: zeros(), square: zeros() },
    values: Float64Array.from({ length: size }, () => draw.between(-bound, bound)),
  };
}

const sums = ({ inputs, units, values }: Layer, row: Float64Array): Float64Array =>
  Float64Array.from({ length: units }, (_, unit) => {
    const start = unit * (inputs + 1);
    let sum = values[start + inputs]!;
    for (let i = 0; i < inputs; i++) sum += values[start + i]! * row[i]!;
    return sum;
  });

const relu = (values: Float64Array): Float64Array => values.map((value) => Math.max(0, value));

const argmax = (values: Float64Array): number => values.indexOf(Math.max(...values));

function accumulate([one, two]: readonly [Layer, Layer], row: Float64Array, label: number, share: number): void {
  const before = sums(one, row);
  const active = relu(before);
  const logits = sums(two, active);
  const largest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  const slopes = powers.map((power, unit) => share * (power / total - (unit === label ? 1 : 0)));
  const back = new Float64Array(one.units);
  spread(two, active, slopes, back);
  spread(
    one,
    row,
    back.map((slope, unit) => (before[unit]! > 0 ? slope : 0)),
  );
}

/** Adds the gradient by the weights, and by the inputs where these are wanted. */
function spread({ inputs, values, gradient }: Layer, row: Float64Array, slopes: Float64Array, back?: Float64Array): void {
  slopes.forEach((slope, unit) => {
    const start = unit * (inputs + 1);
    for (let i = 0; i < inputs; i++) {
      gradient[start + i]! += slope * row[i]!;
      if (back !== undefined) back[i]! += slope * values[start + i]!;
    }
    gradient[start + inputs]! += slope;
  });
}

function adam({ values, gradient, mean, square }: Layer, rate: number, step: number): void {
  const [first, second] = [1 - 0.9 ** step, 1 - 0.999 ** step];
  gradient.forEach((slope, i) => {
    mean[i] = 0.9 * mean[i]! + 0.1 * slope;
    square[i] = 0.999 * square[i]! + 0.001 * slope ** 2;
    values[i]! -= (rate * (mean[i]! / first)) / (Math.sqrt(square[i]! / second) + 1e-8);
  });
  gradient.fill(0);
}
