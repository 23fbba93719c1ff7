/** int8 activations or int32 sums. */
export type Element = "i8" | "i32";

/** The type of a tensor between layers. Images are [height, width, channels] and stored channel-major (CHW), each channel row by row. */
export interface TensorType {
  readonly element: Element;
  readonly shape: readonly number[];
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1);

export const bytesOf = ({ element, shape }: TensorType): number => sizeOf(shape) * (element === "i8" ? 1 : 4);

/** As the language writes it: `i8[16, 16]`. */
export const showType = ({ element, shape }: TensorType): string => `${element}[${shape.join(", ")}]`;

/** Whether shapes are equal but for axes of one value at the end: [16, 16] feeds [16, 16, 1]. */
export function sameShape(given: readonly number[], needed: readonly number[]): boolean {
  const trimmed = (shape: readonly number[]): string => shape.slice(0, shape.findLastIndex((extent) => extent !== 1) + 1).join();
  return trimmed(given) === trimmed(needed);
}
