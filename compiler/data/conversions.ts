import { DataError } from "#compiler/catalog/data-error.js";
import type { Application, Chain } from "#compiler/ir/application.js";
import type { Constants, Conversion, Converter, InputQuantizer, Quantization, Samples, Transform } from "#compiler/catalog/samples.js";
import { defaultQuantization, formerQuantization, quantizedBy } from "#compiler/catalog/statements/dataset.js";
import scale from "#compiler/catalog/transforms/scale.js";
import { type Activation, sizeOf } from "#compiler/ir/types.js";
import { entryOf } from "./entry.js";

/** What makes inputs of samples. */
export interface Conversions {
  /** Converts and quantizes samples, and writes the inputs to `into`, one byte for each value, from `offset` on. */
  readonly convert: (samples: Samples, into: Int8Array, offset: number) => void;
  /** What is quantized of samples. */
  readonly converted: (samples: Samples) => Samples;
  /** Whether each feature has a scale of its own. */
  readonly scalesFeatures: boolean;
  /** Of converted samples. */
  readonly shape: readonly number[];
  /** What each step does, in words and numbers; the last one quantizes. */
  readonly preparation: readonly string[];
  readonly steps: readonly PreparedStep[];
}

/** A conversion with what it measured on training data, as plain data: kept with the weights, it prepares whatever they are shown. */
export interface PreparedStep extends Application {
  readonly constants?: Constants;
}

/** What a network wants of its samples. */
export interface Wanted {
  /** Of its input; i8 unless given. */
  readonly element?: Activation;
  /** The steps that prepared the samples which it was trained on. */
  readonly steps?: readonly PreparedStep[];
}

/**
 * Prepares the conversions of a chain; what they measure, they measure on the training samples, or know from the steps of another
 * preparation. Throws a `DataError` where those are not the steps of this chain.
 */
export function prepareConversions(
  originals: Samples,
  transforms: Chain,
  given: Readonly<Record<string, Transform>>,
  { element = "i8", steps }: Wanted = {},
): Conversions {
  const catalog = { [scale.name]: scale as Transform, ...given };
  const stated = transforms.filter(({ name }) => entryOf(catalog, name).kind !== "arrangement");
  const chain = quantizedBy(defaultQuantization, stated, catalog);
  const known = steps && quantizedBy<PreparedStep>(formerQuantization, steps, catalog);
  if (known !== undefined) checkSteps(chain, known);
  checkLast(chain, catalog);
  const converters: Converter[] = [];
  const train = chain.slice(0, -1).reduce((converted, step, i) => {
    const conversion = entryOf(catalog, step.name) as Conversion;
    const shape = shapeAfter(conversion, step, converted.shape);
    const converter = conversion.prepare(converted, step.arguments, known?.[i]!.constants);
    converters.push(converter);
    return deferred(converted, shape, converter);
  }, originals);
  const last = chain.at(-1)!;
  const quantization = entryOf(catalog, last.name) as Quantization;
  shapeAfter(quantization, last, train.shape);
  const quantizer = quantization.prepare(train, last.arguments, element, known?.at(-1)!.constants);
  const prepared = [...converters, quantizer];
  return {
    convert: inputsBy(converters, quantizer),
    converted: (samples) => after(converters, samples),
    scalesFeatures: quantization.scalesFeatures(last.arguments),
    shape: train.shape,
    preparation: explanations(originals, converters, quantizer),
    steps: chain.map(({ name, arguments: settings }, i): PreparedStep => {
      const { constants } = prepared[i]!;
      return { name, arguments: settings, ...(constants && { constants }) };
    }),
  };
}

function shapeAfter(transform: Transform, { name, arguments: settings }: Application, shape: readonly number[]): readonly number[] {
  const needs = transform.infer(shape, settings);
  if ("shape" in needs) return needs.shape;
  throw new DataError(
    `\`${name}\` needs ${needs.needs}, but the samples are [${shape.join(", ")}]`,
    "Change the order of the steps, or leave it out.",
  );
}

function sayStep({ name, arguments: settings }: Application): string {
  const written = Object.entries(settings).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return `${name}(${written.join(", ")})`;
}

function checkSteps(chain: Chain, known: Chain): void {
  const [now, then] = [chain, known].map((steps) => steps.map(sayStep).join(" -> "));
  if (now === then) return;
  throw new DataError(
    `the weights were trained on samples prepared by ${then}, but the dataset prepares them by ${now}`,
    "Train again, or write the dataset as it was: a chip that is fed otherwise than in training answers something else.",
  );
}

/** Refuses steps that follow the quantization. */
function checkLast(chain: Chain, catalog: Readonly<Record<string, Transform>>): void {
  const first = chain.findIndex(({ name }) => entryOf(catalog, name).kind === "quantization");
  const next = chain[first + 1];
  if (next === undefined) return;
  const { name } = chain[first]!;
  throw new DataError(`\`${next.name}\` follows \`${name}\`, which makes the integers that the model reads`, `Put \`${name}\` last, once.`);
}

const after = (steps: readonly Converter[], samples: Samples): Samples =>
  steps.reduce((converted, { convert }) => convert(converted), samples);

/** Bytes that a last step would look up in a table are quantized by that table: both are one. */
function inputsBy(steps: readonly Converter[], quantizer: InputQuantizer): Conversions["convert"] {
  const meaning = steps.at(-1)?.ofBytes;
  const [before, last] = meaning === undefined ? [steps, []] : [steps.slice(0, -1), steps.slice(-1)];
  const bytes = Float32Array.from({ length: 256 }, (_, byte) => byte);
  let quantizeBytes: ReturnType<InputQuantizer["ofBytes"]> | undefined;
  return (samples, into, offset) => {
    const converted = after(before, samples);
    const { values } = converted;
    if (values instanceof Uint8Array) return (quantizeBytes ??= quantizer.ofBytes(meaning ?? bytes))(values, into, offset);
    quantizer.ofFractions(after(last, converted).values as Float32Array, into, offset);
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
function explanations(samples: Samples, steps: readonly Converter[], quantizer: InputQuantizer): readonly string[] {
  const one = { ...samples, count: 1, values: samples.values.subarray(0, sizeOf(samples.shape)), labels: samples.labels.subarray(0, 1) };
  return [...steps, quantizer].map(({ explain }, i) => explain(after(steps.slice(0, i), one)));
}
