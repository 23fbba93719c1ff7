import { type Activation, elementRange } from "../../ir/types.js";
import type { Job, Table } from "../contract.js";

/** How the biases of a step are stored: one for each value of a vector, or for each channel of a map, whose call gets its own. */
export interface BiasTable {
  readonly element: "int16_t" | "int32_t";
  /** Whether a call adds the same to all values. */
  readonly perChannel: boolean;
}

/** Undefined for a step without a bias. `added` is what the table adds to each, at most, where that is known. */
export function biasTable({ constants, writes }: Job, added = 0): (BiasTable & { readonly bytes: number }) | undefined {
  const bias = constants.find(({ shape }) => shape.length > 0);
  if (bias === undefined) return undefined;
  const narrow = bias.values?.every((value) => Math.abs(value) + added < 32_768) === true;
  return { element: narrow ? "int16_t" : "int32_t", perChannel: writes.shape.length > 1, bytes: bias.shape[0]! * (narrow ? 2 : 4) };
}

export const biasValues = ({ element }: Pick<BiasTable, "element">, bias: Int32Array, added = 0): Table => ({
  name: "bias",
  element,
  values: Array.from(bias, (value) => value + added),
});

/** What is added before a rounding shift. */
export const halfOf = (shift: number): number => Math.floor(2 ** shift / 2);

/** What a table of biases adds for rounding, where the shift is known. */
export function knownHalf({ constants }: Job): number | undefined {
  const shift = constants.find(({ shape }) => shape.length === 0)?.values;
  return shift && halfOf(shift[0]!);
}

/** The largest activation that a step gives. */
export const largestActivation = ({ writes }: Job): number => elementRange(writes.element as Activation).high;

/** The shift of a fixed range among the constants of a step: requantization comes last. */
export const shiftAmong = (constants: readonly Int32Array[]): number => constants.at(-1)![0]!;
