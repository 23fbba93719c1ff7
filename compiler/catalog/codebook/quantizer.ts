import { signedDigits } from "./signed-digits.js";
import type { Definition } from "../parameter.js";

/** How codes lie in flash. Rows (one per output) start at a word; the first code of a word is in its low bits. */
export type Packing =
  /** `width` bits a code, as many codes to a word as fit whole. */
  | { readonly kind: "bits"; readonly width: number; readonly word: 8 | 16 | 32 }
  /** `count` base-`base` digits read as a fraction of 2^word: multiply by the base, the carry is the next digit. */
  | { readonly kind: "digits"; readonly base: number; readonly count: number; readonly word: 16 };

/**
 * A weight format is its codebook: the integer level of each code. Everything else about it is derived: decision
 * thresholds, fake quantization, packing, the integer reference, which kernels can run it, flash size, documentation.
 */
export interface Quantizer extends Definition<Record<never, never>> {
  /** `levels[code]`: the integer a code stands for; the index is the bit pattern in flash. */
  readonly levels: readonly number[];
  /** The level that a weight equal to the layer's clipping scalar stands for, on an unlimited scale. */
  readonly fullScale: number;
  /** Where a weight between two levels goes: to the nearer, or to the smaller magnitude. */
  readonly boundary: "midpoint" | "floor";
  /** What is taken from a weight first: nothing, or the mean of the layer. */
  readonly center: "none" | "mean";
  /** Where the clipping scalar comes from: the training's clip rule, or always the mean magnitude of the weights. */
  readonly scale: "clip" | "mean-magnitude";
  readonly packing: Packing;
  /**
   * What BitNetMCU divided the mean magnitude of a layer by to clip it, in the versions whose checkpoints hold no clipping
   * scalars; absent for formats that those did not have.
   */
  readonly proportion?: number;
}

type Stated = "name" | "summary" | "levels" | "fullScale" | "packing";

/** A codebook with the usual rules; an entry states what differs. */
export const defineQuantizer = (quantizer: Pick<Quantizer, Stated> & Partial<Omit<Quantizer, Stated>>): Quantizer => ({
  parameters: {},
  boundary: "midpoint",
  center: "none",
  scale: "clip",
  ...quantizer,
});

/** 1, 3, 5 … `count` of them. */
export const oddNumbers = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => 2 * i + 1);

/** Codes whose top bit, when set, makes the magnitude negative. */
export const signMagnitude = (magnitudes: readonly number[]): readonly number[] => [
  ...magnitudes,
  ...magnitudes.map((magnitude) => -magnitude),
];

/** Codes of `width` bits read as two's complement. */
export const twosComplement = (width: number): readonly number[] =>
  Array.from({ length: 2 ** width }, (_, code) => (code < 2 ** (width - 1) ? code : code - 2 ** width));

/** The numbers of `width` bits in two's complement that are sums of at most `count` signed powers of two, ascending. */
export const fewDigits = (width: number, count: number): readonly number[] =>
  Array.from({ length: 2 ** width }, (_, i) => i - 2 ** (width - 1)).filter((level) => signedDigits(level).length <= count);
