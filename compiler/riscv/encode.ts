import { type Compressed, compressedInstructions, type CompressedName } from "./compressed.js";
import { decode } from "./decode.js";
import { type Encoding, type Fields, writeImmediate, writeRegister } from "./encoding.js";
import type { Isa } from "./isa.js";
import { type Mnemonic, operationOf, operations } from "./operations.js";

/** Register numbers and the immediate, in bytes; what an instruction does not have is 0. */
export type Operands = { readonly [F in keyof Fields]?: number };

/** An instruction in memory: little-endian, in two bytes where it has a compressed form. */
export interface Encoded {
  readonly bits: number;
  readonly bytes: 2 | 4;
}

/** The shortest encoding, as GNU as chooses it for cores with the C extension; throws where a field cannot hold its value. */
export function encode(mnemonic: Mnemonic, operands: Operands): Encoded {
  const form = compressedForm(mnemonic, operands);
  return form === undefined ? { bits: encodeFields(operationOf[mnemonic], operands), bytes: 4 } : { bits: form, bytes: 2 };
}

/** The half-words of an instruction, the first one first. */
export function halfWords(mnemonic: Mnemonic, operands: Operands): readonly number[] {
  const { bits, bytes } = encode(mnemonic, operands);
  return bytes === 2 ? [bits] : [bits & 0xffff, bits >>> 16];
}

/** A compressed instruction by its own name; fields may be 0, for code that adds what they are to be. */
export const halfWord = (name: CompressedName, operands: Operands): number => encodeFields(formNamed.get(name)!, operands);

const formNamed = new Map(compressedInstructions.map((form) => [form.name, form]));

/** One spelling of an instruction from its fields; throws where one cannot hold its value. */
export function encodeFields(encoding: Encoding, operands: Operands): number {
  const word = bitsOf(encoding, operands);
  if (word === undefined) throw new Error(`${encoding.name} cannot hold ${JSON.stringify(operands)}`);
  return word;
}

function bitsOf({ fields, match }: Encoding, { rd = 0, rs1 = 0, rs2 = 0, immediate = 0 }: Operands): number | undefined {
  const parts = [
    fields.rd ? writeRegister(fields.rd, rd) : 0,
    fields.rs1 ? writeRegister(fields.rs1, rs1) : 0,
    fields.rs2 ? writeRegister(fields.rs2, rs2) : 0,
    writeImmediate(fields.immediate, immediate),
  ];
  return parts.includes(undefined) ? undefined : parts.reduce<number>((word, part) => word | part!, match) >>> 0;
}

/** The compressed encoding of an instruction, if it has one. */
export function compressedForm(mnemonic: Mnemonic, operands: Operands): number | undefined {
  for (const [name, same] of spellings(mnemonic, operands)) {
    if (isHint(name, same)) continue;
    for (const form of formsOf.get(name) ?? []) {
      const half = bitsOf(form, same);
      const decoded = half === undefined ? undefined : decode(half, everything);
      if (typeof decoded === "object" && decoded.encoding === form && equal(decoded, same)) return half;
    }
  }
  return undefined;
}

const everything: Isa = { embedded: false, compressed: true, multiply: "M" };

const equal = (a: Required<Operands>, { rd = 0, rs1 = 0, rs2 = 0, immediate = 0 }: Operands): boolean =>
  a.rd === rd && a.rs1 === rs1 && a.rs2 === rs2 && a.immediate === immediate;

/** GNU as leaves `c.jal` to the linker. */
const formsOf: ReadonlyMap<string, readonly Compressed[]> = new Map(
  operations.map(({ name }) => [name, compressedInstructions.filter((form) => form.expands === name && form.name !== "c.jal")]),
);

/** Instructions that do the same: where the second operand changes, what commutes has it first; and copies are sums with zero. */
function spellings(mnemonic: Mnemonic, operands: Operands): readonly (readonly [Mnemonic, Operands])[] {
  const { rd = 0, rs1 = 0, rs2 = 0, immediate = 0 } = operands;
  const given = [mnemonic, operands] as const;
  if (rd === rs2 && ["add", "and", "or", "xor"].includes(mnemonic)) return [given, [mnemonic, { rd, rs1: rs2, rs2: rs1 }]];
  return mnemonic === "addi" && immediate === 0 && rs1 !== 0 ? [["add", { rd, rs1: 0, rs2: rs1 }]] : [given];
}

/** Encodings that do nothing are reserved for hints; `nop` alone is not. */
function isHint(mnemonic: Mnemonic, { rd = 0, rs1 = 0, immediate = 0 }: Operands): boolean {
  const { fields } = operationOf[mnemonic];
  if (mnemonic === "jal" || mnemonic === "jalr" || fields.rd === undefined) return false;
  if (rd === 0) return !(mnemonic === "addi" && rs1 === 0 && immediate === 0);
  return ["slli", "srli", "srai"].includes(mnemonic) && immediate === 0;
}
