import { DataError } from "#compiler/catalog/data-error.js";
import type { Application, Chain } from "#compiler/ir/application.js";
import type { Constants, Conversion, Converter, Samples, Transform } from "#compiler/catalog/samples.js";
import { sizeOf } from "#compiler/ir/types.js";
import { entryOf } from "./entry.js";
import { byteQuantiser, quantiseFloats } from "./quantise.js";

/** What makes inputs of samples. */
export interface Conversions {
  /** Converts and quantises samples, and writes the int8 inputs to `into`, from `offset` on. */
  readonly convert: (samples: Samples, into: Int8Array, offset: number) => void;
  /** Of converted samples. */
  readonly shape: readonly number[];
  /** What each step does, in words and numbers. */
  readonly preparation: readonly string[];
  readonly steps: readonly PreparedStep[];
}

/** A conversion with what it measured on training data, as plain data: kept with the weights, it prepares whatever they are shown. */
export interface PreparedStep extends Application {
  readonly constants?: Constants;
}

/**
 * Prepares the conversions of a chain; what they measure, they measure on the training samples, or know from the steps of another
 * preparation. Throws a `DataError` where those are not the steps of this chain.
 */
export function prepareConversions(
  originals: Samples,
  transforms: Chain,
  catalog: Readonly<Record<string, Transform>>,
  known?: readonly PreparedStep[],
): Conversions {
  const steps: Converter[] = [];
  const chain = transforms.filter(({ name }) => entryOf(catalog, name).kind === "conversion");
  if (known !== undefined) checkSteps(chain, known);
  const train = chain.reduce((converted, { name, arguments: settings }, i) => {
    const transform = entryOf(catalog, name) as Conversion;
    const needs = transform.infer(converted.shape, settings);
    if ("needs" in needs) {
      throw new DataError(
        `\`${name}\` needs ${needs.needs}, but the samples are [${converted.shape.join(", ")}]`,
        "Change the order of the steps, or leave it out.",
      );
    }
    const step = transform.prepare(converted, settings, known?.[i]!.constants);
    steps.push(step);
    return deferred(converted, needs.shape, step);
  }, originals);
  const prepared = chain.map(({ name, arguments: settings }, i): PreparedStep => ({
    name,
    arguments: settings,
    ...(steps[i]!.constants && { constants: steps[i]!.constants }),
  }));
  return {
    convert: inputsBy(steps, sizeOf(train.shape)),
    shape: train.shape,
    preparation: explanations(originals, steps),
    steps: prepared,
  };
}

function sayStep({ name, arguments: settings }: Application): string {
  const written = Object.entries(settings).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return `${name}(${written.join(", ")})`;
}

function checkSteps(chain: Chain, known: readonly PreparedStep[]): void {
  const [now, then] = [chain, known].map((steps) => steps.map(sayStep).join(" -> "));
  if (now === then) return;
  throw new DataError(
    `the weights were trained on samples prepared by ${then || "no step"}, but the dataset prepares them by ${now || "no step"}`,
    "Train again, or write the dataset as it was: a chip that is fed otherwise than in training answers something else.",
  );
}

const after = (steps: readonly Converter[], samples: Samples): Samples =>
  steps.reduce((converted, { convert }) => convert(converted), samples);

/** Bytes that a last step would look up in a table are quantised by that table: both are one. */
function inputsBy(steps: readonly Converter[], size: number): Conversions["convert"] {
  const meaning = steps.at(-1)?.ofBytes;
  const [before, last] = meaning === undefined ? [steps, []] : [steps.slice(0, -1), steps.slice(-1)];
  const bytes = Float32Array.from({ length: 256 }, (_, byte) => byte);
  let quantiseBytes: ReturnType<typeof byteQuantiser> | undefined;
  return (samples, into, offset) => {
    const converted = after(before, samples);
    const { values } = converted;
    if (values instanceof Uint8Array) return (quantiseBytes ??= byteQuantiser(size, meaning ?? bytes))(values, into, offset);
    quantiseFloats(after(last, converted).values as Float32Array, size, into, offset);
  };
}

/** What a step makes of samples, made when somebody looks at the values: few steps measure the whole training set. */
function deferred(samples: Samples, shape: readonly number[], { convert }: Converter): Samples {
  let values: Samples["values"] | undefined;
  return {
    shape,
    count: samples.count,
    labels: samples.labels,
    get values() {
      return (values ??= convert(samples).values);
    },
  };
}

/** Steps say what they do to samples of a kind, so one of them is enough. */
function explanations(samples: Samples, steps: readonly Converter[]): readonly string[] {
  const one = { ...samples, count: 1, values: samples.values.subarray(0, sizeOf(samples.shape)), labels: samples.labels.subarray(0, 1) };
  return steps.map(({ explain }, i) => explain(after(steps.slice(0, i), one)));
}
