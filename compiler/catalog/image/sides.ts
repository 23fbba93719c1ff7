import { DataError } from "../data-error.js";

/** Height and width of samples that must be images; `name` is the entry that needs them. */
export function imageSides(name: string, shape: readonly number[]): readonly [height: number, width: number] {
  const [height, width] = shape;
  if (shape.length === 2 && height !== undefined && width !== undefined) return [height, width];
  throw new DataError(`\`${name}\` needs images [height, width], but the samples are [${shape.join(", ")}]`, `Leave out \`${name}\`.`);
}
