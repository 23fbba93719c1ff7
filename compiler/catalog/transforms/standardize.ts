import { choice, number, optional } from "../parameter.js";
import { type Constants, defineConversion, type Samples, type Values } from "../samples.js";
import { fractionOf, shownFloats, type Statistics, statisticsOf } from "../samples/statistics.js";

function standardized(values: Values, { mean, deviation }: Statistics): Float32Array {
  const toFraction = fractionOf(values);
  const groups = mean.length;
  const result = new Float32Array(values.length);
  for (let i = 0; i < result.length; i++) {
    const group = i % groups;
    result[i] = Math.fround(Math.fround(toFraction(values[i]!) - mean[group]!) / deviation[group]!);
  }
  return result;
}

const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte);

interface Settings {
  readonly mean: number;
  readonly deviation: number;
  readonly per: "given" | "set" | "feature";
}

function statistics(train: Samples, { mean, deviation, per }: Settings, known: Constants | undefined): Statistics {
  if (known !== undefined) return { mean: Float32Array.from(known["mean"] ?? []), deviation: Float32Array.from(known["deviation"] ?? []) };
  if (per === "given") return { mean: Float32Array.of(mean), deviation: Float32Array.of(deviation) };
  // A feature is the last axis of a series [frames, features]; a value of a vector.
  return statisticsOf(train, per === "set" ? 1 : train.shape.at(-1)!);
}

function explain({ values }: Samples, { mean, deviation }: Statistics): string {
  const x = values instanceof Uint8Array ? "byte / 255" : "value";
  if (mean.length === 1) return `(${x} - ${shownFloats(mean)}) / ${shownFloats(deviation)}`;
  return [
    `(${x} - mean) / deviation, of each of the ${mean.length} features`,
    `mean: ${shownFloats(mean)}`,
    `deviation: ${shownFloats(deviation)}`,
  ].join("\n");
}

export default defineConversion({
  name: "standardize",
  summary: "Standardizes values to mean 0 and standard deviation 1; bytes count as 0 to 1.",
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
  gives: "fractions",
  infer: (shape, { deviation }) => (deviation > 0 ? { shape } : { needs: "a deviation above 0" }),
  prepare: (train, settings, known) => {
    const measured = statistics(train, settings, known);
    return {
      ...(settings.per !== "given" && { constants: { mean: [...measured.mean], deviation: [...measured.deviation] } }),
      convert: (samples) => ({ ...samples, values: standardized(samples.values, measured) }),
      ...(measured.mean.length === 1 && { ofBytes: standardized(everyByte, measured) }),
      explain: (samples) => explain(samples, measured),
    };
  },
});
