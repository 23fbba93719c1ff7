/** What flows along an arrow: int8 activations or int32 sums. Images are [height, width, channels]. */
export interface TensorType {
  readonly element: "i8" | "i32";
  readonly shape: readonly number[];
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1);

export const bytesOf = ({ element, shape }: TensorType): number => sizeOf(shape) * (element === "i8" ? 1 : 4);

/** As the language writes it: `i8[16, 16]`. */
export const showType = ({ element, shape }: TensorType): string => `${element}[${shape.join(", ")}]`;
