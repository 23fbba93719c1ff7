import { type Activation, elementRange, sizeOf } from "../../ir/types.js";
import { DataError } from "../data-error.js";
import { choice, measure, optional } from "../parameter.js";
import { type Constants, defineQuantization, type Samples } from "../samples.js";
import { measuredRange, measureRange } from "../samples/measured-range.js";
import { ownRange } from "../samples/own-range.js";
import { isSigned } from "../samples/quantize.js";
import { shownFloats } from "../samples/statistics.js";

/** How samples become integers where a dataset does not say it. */
const defaults = { per: "set", clip: 0 } as const;

/** What was measured on training data, or is known of it. */
function rangeOf(train: Samples, per: "set" | "feature", clip: number, element: Activation, known: Constants | undefined): Constants {
  // A feature is the last axis of a series [frames, features]; a value of a vector.
  if (known === undefined) return measureRange(train, per === "set" ? 1 : train.shape.at(-1)!, clip, element);
  if ((isSigned(element) ? known["magnitude"] : known["least"]) === undefined) {
    throw new DataError(`the weights were not trained on samples that \`scale\` makes ${element}`, "Train again.");
  }
  return known;
}

const rounded = (element: Activation): string => `rounded and saturated to ${nameOf(element)}`;

const nameOf = (element: Activation): string =>
  element === "i8" ? "int8" : `${elementRange(element).low} to ${elementRange(element).high}`;

function explainOwn(element: Activation, { values }: Samples): string {
  const { high } = elementRange(element);
  if (isSigned(element)) return `each sample is quantized by its own scale, ${high} / max |x|, ${rounded(element)}`;
  const least = values instanceof Uint8Array ? "" : ", less its least value where one is negative";
  return `each sample is quantized by its own scale, ${high} / max x${least}, ${rounded(element)}`;
}

function explainMeasured(element: Activation, range: Constants, { values }: Samples): string {
  const x = values instanceof Uint8Array ? "byte" : "value";
  const { high } = elementRange(element);
  const [least, largest] = [range["least"], range["magnitude"] ?? range["largest"]!];
  const shown = (numbers: readonly number[]): string => shownFloats(Float32Array.from(numbers));
  if (largest.length === 1) {
    const [low, most] = [least === undefined ? 0 : least[0]!, shown(largest)];
    if (low === 0) return `${x} * ${high} / ${most}, ${rounded(element)}`;
    return `(${x} - least) * ${high} / (largest - least), ${rounded(element)}; least: ${shown([low])}, largest: ${most}`;
  }
  const each = `of each of the ${largest.length} features`;
  if (least === undefined) return [`${x} * ${high} / magnitude, ${each}, ${rounded(element)}`, `magnitude: ${shown(largest)}`].join("\n");
  return [
    `(${x} - least) * ${high} / (largest - least), ${each}, ${rounded(element)}`,
    `least: ${shown(least)}`,
    `largest: ${shown(largest)}`,
  ].join("\n");
}

export default defineQuantization({
  name: "scale",
  summary:
    "Makes values the integers of the model's input, saturating: from -127 to 127 for `i8`, from 0 for the least to 15 for the largest value for `u4`.",
  parameters: {
    per: optional(
      choice(
        ["sample", "set", "feature"],
        "What has a scale of its own: each sample, which takes away its strength; the training data as a whole; or each of its features.",
      ),
      defaults.per,
    ),
    clip: optional(
      measure("share", "How many training values may saturate, so that few large ones do not make all others small; of each sample none.", {
        least: 0,
        most: 0.5,
      }),
      defaults.clip,
    ),
  },
  infer: (shape, { per, clip }) =>
    per === "sample" && clip > 0 ? { needs: "`per: set` or `per: feature` to clip by training data" } : { shape },
  losesStrength: ({ per }) => per === "sample",
  scalesFeatures: ({ per }) => per === "feature",
  prepare: (train, { per, clip }, element, known) => {
    if (per === "sample") return { ...ownRange(element, sizeOf(train.shape)), explain: (samples) => explainOwn(element, samples) };
    const constants = rangeOf(train, per, clip, element, known);
    return { constants, ...measuredRange(element, constants), explain: (samples) => explainMeasured(element, constants, samples) };
  },
});
