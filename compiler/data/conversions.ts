import { DataError } from "#compiler/catalog/data-error.js";
import type { Chain } from "#compiler/catalog/parameter.js";
import type { Converter, Samples, Transform } from "#compiler/catalog/samples.js";
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
}

/** Prepares the conversions of a chain; what they measure, they measure on the training samples. */
export function prepareConversions(originals: Samples, transforms: Chain, catalog: Readonly<Record<string, Transform>>): Conversions {
  const steps: Converter[] = [];
  const train = transforms.reduce((converted, { name, arguments: settings }) => {
    const transform = entryOf(catalog, name);
    if (transform.kind !== "conversion") return converted;
    const needs = transform.infer(converted.shape, settings);
    if ("needs" in needs) {
      throw new DataError(
        `\`${name}\` needs ${needs.needs}, but the samples are [${converted.shape.join(", ")}]`,
        "Change the order of the steps, or leave it out.",
      );
    }
    const step = transform.prepare(converted, settings);
    steps.push(step);
    return deferred(converted, needs.shape, step);
  }, originals);
  return { convert: inputsBy(steps, sizeOf(train.shape)), shape: train.shape, preparation: explanations(originals, steps) };
}

const after = (steps: readonly Converter[], samples: Samples): Samples => steps.reduce((converted, { convert }) => convert(converted), samples);

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
