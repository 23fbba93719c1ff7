/** How many bits a value takes. */
export type Bits = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** How many bits may be set, where not all may: what goes by bit planes visits no more of them. */
export type Ones = 1 | 2;

/** An activation of so many bits, unsigned or signed; `u2of4` are the values of u4 with at most two set bits. */
export type Activation = `${"u" | "i"}${Bits}` | `u${Ones}of${Bits}`;

/** Activations, or int32 sums. */
export type Element = Activation | "i32";

/** The type of a tensor between layers. Images are [height, width, channels] and stored channel-major (CHW), each channel row by row. */
export interface TensorType {
  readonly element: Element;
  readonly shape: readonly number[];
  /** Static quantization: what a step of its values is worth is a constant. Without it each sample has a scale of its own (dynamic). */
  readonly range?: "fixed";
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1);

/** As the language writes it: `i8[16, 16]`. */
export const showType = ({ element, shape }: TensorType): string => `${element}[${shape.join(", ")}]`;

/** Whether the text names an element that inputs may have: what a signed byte holds. */
export const isInputElement = (text: string): text is Activation => /^(i[1-8]|u[1-7])$/.test(text);

/** A closed interval of integers, such as the values that a tensor may have. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** What an element is made of. */
export interface ElementBits {
  readonly signed: boolean;
  readonly bits: Bits;
  /** Undefined where all bits may be set. */
  readonly ones?: Ones;
}

export function bitsOf(element: Activation): ElementBits {
  const [, sign, ones, bits] = /^([ui])(?:([12])of)?([1-8])$/.exec(element)!;
  return { signed: sign === "i", bits: Number(bits) as Bits, ...(ones !== undefined && { ones: Number(ones) as Ones }) };
}

/** The values that an element has. */
export function elementRange(element: Activation): Range {
  const { signed, bits, ones = bits } = bitsOf(element);
  return signed ? { low: -(2 ** (bits - 1)), high: 2 ** (bits - 1) - 1 } : { low: 0, high: 2 ** bits - 2 ** Math.max(0, bits - ones) };
}

/** How many values from zero on the bits of an element tell apart, its sign left out: a power of two. */
export function magnitudesOf(element: Activation): number {
  const { signed, bits } = bitsOf(element);
  return 2 ** (signed ? bits - 1 : bits);
}

/** Whether shapes are equal but for axes of one value at the end: [16, 16] feeds [16, 16, 1]. */
export function sameShape(given: readonly number[], needed: readonly number[]): boolean {
  const trimmed = (shape: readonly number[]): string => shape.slice(0, shape.findLastIndex((extent) => extent !== 1) + 1).join();
  return trimmed(given) === trimmed(needed);
}
