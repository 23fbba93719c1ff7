import type { CodedWeights, Job, Table } from "../contract.js";

/** Neurons that are accumulated at once; the last group is padded. */
export const groupSize = 8;

export const groupsOf = (units: number): number => Math.ceil(units / groupSize);

/** The density of inputs, the share that differs from the zero point: as measured, else that of pictures and after `relu`. */
export const activeShare = ({ occupancy }: Job): number => occupancy?.active ?? 0.4;

/**
 * The weights column by column, for sparse kernels: of each input the digits of its codes, so many bits each, from
 * neuron to neuron, the first in the low bits of the first word. `digitsOf` gives a code's digits; neurons that do not
 * exist have zeros.
 */
export function columnWords(
  { rows, columns, codes }: CodedWeights,
  digitsPerWord: number,
  digitsOf: (code: number) => readonly number[],
): Table {
  const neurons = Array.from({ length: groupsOf(rows) * groupSize }, (_, neuron) => neuron);
  const places = Array.from({ length: digitsPerWord }, (_, place) => place);
  const values = Array.from({ length: columns }, (_, column) => {
    const digits = neurons.flatMap((row) => digitsOf(row < rows ? codes[row * columns + column]! : 0));
    return Array.from({ length: digits.length / digitsPerWord }, (_, word) =>
      places.reduce((bits, place) => bits + digits[word * digitsPerWord + place]! * 2 ** ((32 / digitsPerWord) * place), 0),
    );
  });
  return { name: "weights", element: "uint32_t", values: values.flat() };
}
