/**
 * The arithmetic structure of a codebook: affine in its bits, powers of two, evenly spaced. Kernels ask for it instead of
 * looking at names, so that a new format runs on the fastest kernel that its levels allow from its first day.
 */

/** Every level is a base plus the gains of the bits that are set in its code, negated when the sign bit is set. */
export interface AffineShape {
  readonly base: number;
  /** Lowest bit first, without the sign bit. */
  readonly gains: readonly { readonly bit: number; readonly gain: number }[];
  /** The bit that makes a level negative, when there is one. */
  readonly sign?: number;
}

/** Every level is a power of two, negated when the top bit is set; the bits below count from `first`. */
export interface PowerShape {
  /** The exponent of code 0. */
  readonly first: number;
  /** How many of the low bits are the exponent. */
  readonly width: number;
}

/** The levels in ascending order, all equally far apart. */
export interface EvenShape {
  readonly lowest: number;
  readonly step: number;
}

/** The bits of a code, or undefined when the levels do not fill all patterns of some width. */
function codeWidth(levels: readonly number[]): number | undefined {
  const width = Math.log2(levels.length);
  return Number.isInteger(width) && width > 0 ? width : undefined;
}

/** Prefers no sign bit; with one, prefers the highest. */
export function affineShape(levels: readonly number[]): AffineShape | undefined {
  const width = codeWidth(levels);
  if (width === undefined) return undefined;
  const signs = [undefined, ...Array.from({ length: width }, (_, i) => width - 1 - i)];
  return signs.map((sign) => affineWith(levels, width, sign)).find((shape) => shape !== undefined);
}

function affineWith(levels: readonly number[], width: number, sign: number | undefined): AffineShape | undefined {
  const base = levels[0]!;
  const bits = Array.from({ length: width }, (_, bit) => bit).filter((bit) => bit !== sign);
  const gains = bits.map((bit) => ({ bit, gain: levels[1 << bit]! - base }));
  const shape: AffineShape = sign === undefined ? { base, gains } : { base, gains, sign };
  return levels.every((level, code) => level === affineLevel(shape, code)) ? shape : undefined;
}

/** The level that an affine codebook gives a code. */
export function affineLevel({ base, gains, sign }: AffineShape, code: number): number {
  const magnitude = gains.reduce((sum, { bit, gain }) => sum + ((code >> bit) & 1) * gain, base);
  return sign !== undefined && (code >> sign) & 1 ? -magnitude : magnitude;
}

export function powerShape(levels: readonly number[]): PowerShape | undefined {
  const width = codeWidth(levels);
  if (width === undefined || width < 2) return undefined;
  const first = Math.log2(levels[0]!);
  if (!Number.isInteger(first) || first < 0) return undefined;
  const half = levels.length / 2;
  const fits = levels.every((level, code) => level === (code < half ? 1 : -1) * 2 ** (first + (code % half)));
  return fits ? { first, width: width - 1 } : undefined;
}

export function evenShape(levels: readonly number[]): EvenShape | undefined {
  const sorted = ascending(levels);
  const step = sorted[1]! - sorted[0]!;
  const even = step > 0 && sorted.every((level, rank) => level === sorted[0]! + rank * step);
  return even ? { lowest: sorted[0]!, step } : undefined;
}

export const ascending = (levels: readonly number[]): readonly number[] => [...levels].sort((a, b) => a - b);

/** For each code the place of its level among all levels in ascending order. */
export function ranks(levels: readonly number[]): Uint8Array {
  const sorted = ascending(levels);
  return Uint8Array.from(levels, (level) => sorted.indexOf(level));
}

/** The largest magnitude of any level: how much one input can weigh. */
export const largestLevel = (levels: readonly number[]): number => Math.max(...levels.map(Math.abs));
