import { areaOf, featureMap } from "../catalog/shapes/feature-map.js";
import { sizeOf } from "../ir/types.js";
import type { CodedWeights } from "./contract.js";
import { routine } from "./routine.js";

/** How a tensor lies in nibbles: eight channels of a pixel in a word, the words of a pixel side by side, pixels row by row. */
export interface Nibbles {
  /** A vector is one pixel. */
  readonly pixels: number;
  readonly channels: number;
  /** 32-bit words of a pixel. */
  readonly words: number;
}

export const perWord = 8;

/** Words that the channels of a pixel take. */
export const wordsOf = (channels: number): number => Math.ceil(channels / perWord);

export function nibblesOf(shape: readonly number[]): Nibbles {
  const map = featureMap(shape);
  const [pixels, channels] = map === undefined ? [1, sizeOf(shape)] : [areaOf(map), map.channels];
  return { pixels, channels, words: wordsOf(channels) };
}

/** Copies nibbles to bytes, channel by channel, for kernels that read nothing else. */
export const unpackNibbles = routine("requantize/routines/unpack-nibbles");

/** Of a value. */
export const unpackCycles = 11;

/** The weights of a dense layer in the order of nibbles, pixel by pixel: vectors that are flattened maps are channel by channel. */
export function byPixels(held: CodedWeights, { pixels, channels }: Nibbles): CodedWeights {
  const { columns, codes } = held;
  const from = (column: number): number => (column % channels) * pixels + Math.floor(column / channels);
  return { ...held, codes: codes.map((_, at) => codes[at - (at % columns) + from(at % columns)]!) };
}
