/** A layer to be written as BitNetMCU's exporter does: integer weights, rows first. */
export interface HeaderLayer {
  /** What the engine calls the format: 1, 2, 4, 12, 16, 20, 36 or 64. */
  readonly format: number;
  readonly inputs: number;
  readonly units: number;
  readonly weights: readonly number[];
}

/** A convolution, whose weights are bytes as they are. */
export interface HeaderConvolution {
  readonly kernel: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly groups: number;
  readonly weights: readonly number[];
}

const nf4 = [-127, -88, -67, -50, -36, -23, -12, 0, 10, 20, 31, 43, 56, 71, 92, 127];

/** The bit pattern of a weight, written down from the format's description and not from our codebooks. */
const codes: Readonly<Record<number, readonly [width: number, code: (weight: number) => number]>> = {
  1: [1, (weight) => (weight > 0 ? 1 : 0)],
  2: [2, (weight) => (weight < 0 ? 2 : 0) + (Math.abs(weight) >> 1)],
  4: [4, (weight) => (weight < 0 ? 8 : 0) + (Math.abs(weight) >> 1)],
  12: [4, (weight) => weight & 15],
  16: [8, (weight) => weight & 255],
  20: [4, (weight) => (weight < 0 ? 8 : 0) + Math.log2(Math.abs(weight))],
  36: [4, (weight) => nf4.indexOf(weight)],
};

const hex = (value: number, digits: number): string => `0x${value.toString(16).padStart(digits, "0")}`;

/** The newer dialect: macros, eight words a line. */
export function packedHeader(layers: readonly (HeaderLayer | HeaderConvolution)[]): string {
  const parts = layers.map((layer, i) => {
    const name = `L${i + 2}`;
    if ("kernel" in layer) return bytesHeader(name, layer);
    const { format, inputs, units, weights } = layer;
    const facts = [`// Layer: ${name}`, `#define ${name}_active`, `#define ${name}_bitperweight ${format} `];
    const stored = format === 64 ? Math.ceil(inputs / 10) * 10 : inputs;
    facts.push(`#define ${name}_incoming_weights ${stored}`, `#define ${name}_outgoing_weights ${units}`);
    const words = format === 64 ? trits(weights, inputs) : packed(weights, format);
    const [type, digits] = format === 64 ? ["uint16_t", 4] : (["uint32_t", 8] as const);
    const lines = Array.from(
      { length: Math.ceil(words.length / 8) },
      (_, line) =>
        `\t${words
          .slice(8 * line, 8 * line + 8)
          .map((word) => `${hex(word, digits)},`)
          .join("")}`,
    );
    return [...facts, `const ${type} ${name}_weights[] = {`, ...lines, "}; //first channel is topmost bit", ""].join("\n");
  });
  return `// Automatically generated header file\n#include <stdint.h>\n\n#define NUM_LAYERS ${layers.length}\n\n${parts.join("\n")}\n`;
}

function bytesHeader(name: string, { kernel, inputs, outputs, groups, weights }: HeaderConvolution): string {
  const facts = { type: "BitConv2d", in_channels: inputs, out_channels: outputs, kernel_size: kernel, groups, bitperweight: 8 };
  const lines = Object.entries(facts).map(([key, value]) => `#define ${name}_${key} ${value}`);
  return [...lines, `const int8_t ${name}_weights[] = {`, `\t${weights.join(",")},`, "};", ""].join("\n");
}

/** The dialect of the first versions: constants, one line of words. */
export const olderHeader = (layers: readonly HeaderLayer[]): string =>
  layers
    .map(({ format, inputs, units, weights }, i) => {
      const name = `L${i + 1}`;
      const constants = [
        ["bitperweight", format],
        ["incoming_weights", inputs],
        ["outgoing_weights", units],
      ].map(([key, value]) => `uint32_t ${name}_${key} = ${value};`);
      return [
        ...constants,
        `uint32_t ${name}_weights[] = {${packed(weights, format)
          .map((word) => hex(word, 1))
          .join(", ")}};\n//first channel is topmost bit\n`,
      ].join("\n");
    })
    .join("\n");

function packed(weights: readonly number[], format: number): readonly number[] {
  const [width, code] = codes[format]!;
  const perWord = 32 / width;
  return Array.from({ length: weights.length / perWord }, (_, word) =>
    weights.slice(word * perWord, (word + 1) * perWord).reduce((bits, weight) => bits * 2 ** width + code(weight), 0),
  );
}

/** Ten weights as a number of base 3, whose digits mean +1, -1 and 0, as a fraction of 2^16. */
function trits(weights: readonly number[], inputs: number): readonly number[] {
  return Array.from({ length: weights.length / inputs }, (_, row) => weights.slice(row * inputs, (row + 1) * inputs)).flatMap((row) =>
    Array.from({ length: Math.ceil(inputs / 10) }, (_, word) => {
      const digits = Array.from({ length: 10 }, (_, i) => [1, -1, 0].indexOf(row[word * 10 + i] ?? 0));
      return Math.ceil((digits.reduce((value, digit) => value * 3 + digit, 0) * 65536) / 59049);
    }),
  );
}
