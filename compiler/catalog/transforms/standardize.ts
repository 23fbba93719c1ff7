import { choice, number, optional } from "../parameter.js";
import { defineConversion, type Samples } from "../samples.js";

/** What the value is shifted and divided by; one for all features or one for each. */
interface Statistics {
  readonly mean: Float32Array;
  readonly deviation: Float32Array;
}

/** Bytes stand for 0 … 1; everything is rounded to float32 after each step, as PyTorch does it. */
const fraction = (samples: Samples): ((value: number) => number) =>
  samples.values instanceof Uint8Array ? (byte) => Math.fround(byte / 255) : (value) => value;

/** Mean and standard deviation of each of `groups` interleaved features. */
function measure(samples: Samples, groups: number): Statistics {
  const toFraction = fraction(samples);
  const sum = new Float64Array(groups);
  const squares = new Float64Array(groups);
  samples.values.forEach((value, i) => {
    const x = toFraction(value);
    sum[i % groups]! += x;
    squares[i % groups]! += x * x;
  });
  const size = samples.values.length / groups;
  const mean = Float32Array.from(sum, (total) => total / size);
  const deviation = Float32Array.from(squares, (total, g) => Math.sqrt(Math.max(total / size - (sum[g]! / size) ** 2, 0)));
  // A feature that never changes says nothing; 1 keeps it at zero.
  return { mean, deviation: deviation.map((d) => (d > 0 ? d : 1)) };
}

function standardized(samples: Samples, { mean, deviation }: Statistics): Samples {
  const toFraction = fraction(samples);
  const groups = mean.length;
  const scaled = (value: number, group: number): number =>
    Math.fround(Math.fround(toFraction(value) - mean[group]!) / deviation[group]!);
  const values = new Float32Array(samples.values.length);
  if (groups === 1 && samples.values instanceof Uint8Array) {
    const table = Float32Array.from({ length: 256 }, (_, byte) => scaled(byte, 0));
    for (let i = 0; i < values.length; i++) values[i] = table[samples.values[i]!]!;
  } else {
    for (let i = 0; i < values.length; i++) values[i] = scaled(samples.values[i]!, i % groups);
  }
  return { ...samples, values };
}

export default defineConversion({
  name: "standardize",
  summary: "Shifts and scales values to mean 0 and deviation 1; bytes count as 0 to 1.",
  parameters: {
    mean: optional(number("What is subtracted."), 0),
    deviation: optional(number("What is divided by."), 1),
    per: optional(
      choice(
        ["given", "set", "feature"],
        "Whether mean and deviation are given, or measured on the training data as a whole or for each feature.",
      ),
      "given",
    ),
  },
  infer: (shape, { deviation }) => (deviation > 0 ? { shape } : { needs: "a deviation above 0" }),
  prepare: (train, { mean, deviation, per }) => {
    // A feature is the last axis of a series [frames, features]; a value of a vector.
    const statistics =
      per === "given"
        ? { mean: Float32Array.of(mean), deviation: Float32Array.of(deviation) }
        : measure(train, per === "set" ? 1 : train.shape.at(-1)!);
    return (samples) => standardized(samples, statistics);
  },
});
