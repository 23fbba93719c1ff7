import { DataError } from "../data-error.js";
import type { Samples } from "../samples.js";

/** How many frames and features samples have that must be series of readings; `name` is the entry that needs them. */
export function seriesSides(name: string, { shape, values }: Samples): readonly [frames: number, features: number] {
  const [frames, features] = shape;
  if (shape.length === 2 && frames !== undefined && features !== undefined && values instanceof Float32Array) return [frames, features];
  const found = `[${shape.join(", ")}]${values instanceof Float32Array ? "" : " of bytes"}`;
  throw new DataError(`\`${name}\` needs series of fractions [frames, features], but the samples are ${found}`, `Leave out \`${name}\`.`);
}
