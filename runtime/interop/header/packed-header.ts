import { catalog } from "#compiler/catalog/index.js";
import { unpackRow } from "#compiler/catalog/codebook/packing.js";
import type { Packing, Quantizer } from "#compiler/catalog/codebook/quantizer.js";
import { sizeOf } from "#compiler/ir/types.js";
import { Failure } from "../../failure.js";
import { type CArray, readDeclarations } from "./declarations.js";

/** The weights of one layer in a header that BitNetMCU exports: integers, as its C engine multiplies them. */
export interface PackedLayer {
  /** `L1`. */
  readonly name: string;
  /** Our name of the format. */
  readonly quantizer: string;
  /** Outputs first: [units, inputs], or [out, in / groups, height, width]. */
  readonly shape: readonly number[];
  /** Of the inputs of a row, those at the end that only fill its last word. */
  readonly levels: Int32Array;
}

export type Refuse = (what: string) => never;

/**
 * What that engine calls the bits of a weight, and which format of ours has the same levels under the same codes: the
 * number of bits alone for sign and magnitude, 8 more for two's complement, 16 more for powers of two, 32 more for a
 * table; 64 is ternary.
 */
const formats: Readonly<Record<number, string>> = {
  1: "binary",
  2: "2bitsym",
  4: "4bitsym",
  12: "4bit",
  16: "8bit",
  20: "fp130",
  36: "nf4",
  64: "ternary",
};

/** Its digits count +1, -1, 0; ours count the levels upwards. */
const trits = [1, -1, 0];

/** The layers with weights of an exported header, in its order; throws a `Failure` that names what is wrong. */
export function readPackedHeader(text: string, path: string): readonly PackedLayer[] {
  const refuse: Refuse = (what) => {
    throw new Failure(
      `${path} cannot be read as exported weights: ${what}`,
      "export it again, or check that it is a model header of BitNetMCU",
    );
  };
  const { layers, arrays } = readDeclarations(text, refuse);
  if (arrays.size === 0) return refuse("it has no array L…_weights");
  return [...arrays].map(([name, array]) => layerOf(name, layers.get(name) ?? new Map(), array, refuse));
}

function layerOf(name: string, facts: ReadonlyMap<string, string>, array: CArray, refuse: Refuse): PackedLayer {
  const fact = (key: string): number => {
    const text = facts.get(key) ?? refuse(`${name}_${key} is missing`);
    const value = Number(text);
    return Number.isInteger(value) && value > 0 && value < 2 ** 16 ? value : refuse(`${name}_${key} is ${text}`);
  };
  if (array.element === "int8_t") return plainLayer(name, fact, array, refuse);
  const quantizer =
    formats[fact("bitperweight")] ?? refuse(`${name}_bitperweight is ${facts.get("bitperweight")}, a format that bnmc does not know`);
  const shape = [fact("outgoing_weights"), fact("incoming_weights")];
  return { name, quantizer, shape, levels: unpack(name, catalog.quantizers[quantizer]!, shape, array, refuse) };
}

/** Convolutions are not packed: a byte is a weight. */
function plainLayer(name: string, fact: (key: string) => number, { values }: CArray, refuse: Refuse): PackedLayer {
  if (fact("bitperweight") !== 8) refuse(`${name}_bitperweight is ${fact("bitperweight")}, but its weights are bytes`);
  const kernel = fact("kernel_size");
  const shape = [fact("out_channels"), fact("in_channels") / fact("groups"), kernel, kernel];
  if (values.length !== sizeOf(shape))
    refuse(`${name}_weights has ${values.length} values, but [${shape.join(", ")}] are ${sizeOf(shape)}`);
  return { name, quantizer: formats[16]!, shape, levels: Int32Array.from(values) };
}

function unpack(
  name: string,
  { packing, levels }: Quantizer,
  [units, inputs]: readonly number[],
  { element, values }: CArray,
  refuse: Refuse,
): Int32Array {
  const perRow = inputs! / (packing.kind === "bits" ? Math.floor(packing.word / packing.width) : packing.count);
  if (element !== `uint${packing.word}_t`) refuse(`${name}_weights is an array of ${element}, not of uint${packing.word}_t`);
  if (!Number.isInteger(perRow)) refuse(`the ${inputs} inputs of ${name} do not fill whole words`);
  if (values.length !== units! * perRow)
    refuse(`${name}_weights has ${values.length} words, but ${units} rows of ${inputs} weights are ${units! * perRow}`);
  const unpacked = new Int32Array(units! * inputs!);
  for (let row = 0; row < units!; row++) {
    const words = values.slice(row * perRow, (row + 1) * perRow);
    unpacked.set(rowOf(words, packing, levels, inputs!), row * inputs!);
  }
  return unpacked;
}

/** The first weight is in the topmost bits. */
function rowOf(words: readonly number[], packing: Packing, levels: readonly number[], inputs: number): readonly number[] {
  if (packing.kind === "digits") return Array.from(unpackRow(packing, words, inputs), (digit) => trits[digit]!);
  const codes = 2 ** packing.width;
  const perWord = Math.floor(packing.word / packing.width);
  return Array.from(
    { length: inputs },
    (_, i) => levels[Math.floor(words[Math.floor(i / perWord)]! / 2 ** (packing.word - packing.width * ((i % perWord) + 1))) % codes]!,
  );
}
