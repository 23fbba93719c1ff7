import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compressedInstructions } from "./compressed.js";
import { decode, type Instruction } from "./decode.js";
import { disassemble } from "./disassemble.js";
import { encode, encodeFields, halfWords, type Operands } from "./encode.js";
import { type Encoding, type Fields, readImmediate, readRegister } from "./encoding.js";
import type { Isa } from "./isa.js";
import { type Operation, operations } from "./operations.js";
import { registerNames } from "./registers.js";
import { gnuAssemble, gnuDisassemble, gnuPrefix } from "./testing/gnu.js";

const everything: Isa = { embedded: false, compressed: true, multiply: "M" };

/** Operands that the fields of an encoding hold, small ones and equal registers more often. */
const operandsFor = ({ fields }: Encoding): fc.Arbitrary<Operands> => {
  const register = (name: "rd" | "rs1" | "rs2") =>
    fc.oneof(fc.constantFrom(0, 1, 2, 8, 9, 15), fc.nat(31)).map((number) => readRegister(fields[name], writeAll(fields[name], number)));
  const immediate = fc
    .oneof(fc.integer({ min: -40, max: 40 }), fc.constantFrom(0, 4, -4, 31, 32, 252, 256, -256, 2046, -2048), fc.integer())
    .map((value) => (fields.immediate === undefined ? 0 : readImmediate(fields.immediate, spread(fields, value))));
  return fc
    .record({ rd: register("rd"), rs1: register("rs1"), rs2: register("rs2"), immediate, same: fc.boolean() })
    .map(({ same, ...operands }) => (same && fields.rs1?.width === 5 && fields.rd ? { ...operands, rs1: operands.rd } : operands));
};

const writeAll = (field: Fields["rd"], number: number): number => number << (field?.low ?? 0);
const spread = ({ immediate }: Fields, value: number): number =>
  (immediate?.pieces ?? []).reduce((word, [from, width, to]) => word | (((value >> to) & (2 ** width - 1)) << from), 0);

/** Beside those whose operands GNU as writes in another way. */
const comparable = operations.filter(({ format, name }) => !["fence", "csrImmediate"].includes(format) && name !== "jalr");

const instructions = (rows: readonly Operation[]): fc.Arbitrary<readonly [Operation, Operands]> =>
  fc.constantFrom(...rows).chain((row) => operandsFor(row).map((operands) => [row, operands] as const));

/** As GNU as reads it; targets are relative. */
function textOf({ name, operands: pattern }: Encoding, { rd = 0, rs1 = 0, rs2 = 0, immediate = 0 }: Operands): string {
  const values: Readonly<Record<string, string>> = {
    ...{ rd: registerNames[rd]!, rs1: registerNames[rs1]!, rs2: registerNames[rs2]! },
    ...{ immediate: `${immediate}`, upper: `${immediate >>> 12}`, target: `. + ${immediate}` },
  };
  // With the register named, GNU as leaves a jump as long as it is.
  if (name === "jal" && rd < 2) return `${rd === 0 ? "j" : "jal"} ${values["target"]}`;
  return `${name} ${pattern.replace(/\{(\w+)\}/g, (_, field: string) => values[field]!)}`;
}

const little = (halves: readonly number[]): number[] => halves.flatMap((half) => [half & 255, half >> 8]);

test("decoding an encoded instruction gives it back", () => {
  const property = fc.property(instructions(operations), ([row, operands]) => {
    for (const bits of [encode(row.name, operands).bits, encodeFields(row, operands)]) {
      const { operation, rd, rs1, rs2, immediate } = decode(bits, everything) as Instruction;
      const meaning = { name: operation.name, rd, rs1, rs2, immediate };
      const moved = row.name === "addi" && operation.name === "add" ? { name: "add", rs1: 0, rs2: operands.rs1! } : {};
      const swapped = operands.rs1 === rs2 && operands.rs2 === rs1 && meaning.rd === operands.rd ? { rs1, rs2 } : {};
      expect(meaning).toEqual({ name: row.name, ...operands, ...moved, ...swapped });
    }
  });
  fc.assert(property, { numRuns: 3000 });
});

/** As long as any instruction reaches: a section has it before and behind the instructions, so that all targets lie in it. */
const reach = 2 ** 20;

describe.skipIf(gnuPrefix === undefined)("beside the GNU tools", () => {
  test("instructions get the bytes that GNU as gives them", () => {
    const all = fc.sample(instructions(comparable), 4000);
    const texts = all.map(([row, operands]) => textOf(row, operands));
    const source = [".option norelax", `.zero ${reach}`, ...texts, `.zero ${reach}`].join("\n");
    const theirs = gnuAssemble(source, "rv32imc_zicsr_zifencei").subarray(reach);
    let at = 0;
    const different = all.flatMap(([row, operands], index) => {
      const ours = little(halfWords(row.name, operands));
      const bytes = [...theirs.subarray(at, at + (theirs[at]! % 4 === 3 ? 4 : 2))];
      at += bytes.length;
      return bytes.join() === ours.join() ? [] : [`${texts[index]}: ${bytes.join()}, not ${ours.join()}`];
    });
    expect(different.slice(0, 10)).toEqual([]);
  });

  test("disassembly is that of objdump", () => {
    // It knows control and status registers by name, and prints `nop` as the addition that it is.
    const rows = fc.constantFrom<Encoding>(...compressedInstructions, ...comparable.filter(({ format }) => format !== "csr"));
    const words = fc
      .sample(
        rows.chain((row) => operandsFor(row).map((operands) => [row, inPlace(row, operands)] as const)),
        4000,
      )
      .filter(([row, word]) => (decode(word, everything) as Partial<Instruction>).encoding === row && row.name !== "c.nop")
      .map(([, word]) => word);
    const code = words.flatMap((word) => (word % 4 === 3 ? little([word & 0xffff, word >>> 16]) : little([word])));
    let at = 0;
    const different = gnuDisassemble(Uint8Array.from(code)).flatMap(({ bytes, text }, index) => {
      const ours = disassemble(words[index]!, at, everything);
      at += bytes;
      return canonical(text) === canonical(ours) ? [] : [`${text}, not ${ours}`];
    });
    expect(different.slice(0, 10)).toEqual([]);
  });
});

/** The bits of an encoding, which may keep one register for both that the instruction names. */
const inPlace = (row: Encoding, operands: Operands): number =>
  encodeFields(row, row.fields.rs1 === row.fields.rd ? { ...operands, rs1: operands.rd! } : operands);

/** Without blanks, with all numbers in decimal; shifts by nothing are those by 64 of wider cores. */
const canonical = (text: string): string =>
  text
    .replace(/\b0x([0-9a-f]+)/g, (_, digits: string) => `${parseInt(digits, 16)}`)
    .replace(/(?<=,) /g, "")
    .replace(/^(c\.s\w+)64 (\w+)$/, "$1 $2,0");
