import type { Mnemonic } from "./operations.js";
import { type Encoding, type Fields, implied, type ImmediateField, popular, register, signed, unsigned } from "./encoding.js";

/** The C extension for 32-bit cores without floating point: each instruction is a shorter spelling of a base one. */
export interface Compressed extends Encoding {
  readonly name: CompressedName;
  /** The operation it stands for; `fields` gives that operation's operands. */
  readonly expands: Mnemonic;
}

const zero = implied(0);
const link = implied(1);
const stack = implied(2);
const rd = register(7);
const upperPopular = popular(7);
const lowerPopular = popular(2);

const small = signed([12, 1, 5], [2, 5, 0]);
const shift = unsigned([2, 5, 0]);
const wordOffset = unsigned([10, 3, 3], [6, 1, 2], [5, 1, 6]);
const frameOffset = unsigned([11, 2, 4], [7, 4, 6], [6, 1, 2], [5, 1, 3]);
const frameSize = signed([12, 1, 9], [6, 1, 4], [5, 1, 6], [3, 2, 7], [2, 1, 5]);
const loadFromStack = unsigned([12, 1, 5], [4, 3, 2], [2, 2, 6]);
const storeToStack = unsigned([9, 4, 2], [7, 2, 6]);
const jumpOffset = signed([12, 1, 11], [11, 1, 4], [9, 2, 8], [8, 1, 10], [7, 1, 6], [6, 1, 7], [3, 3, 1], [2, 1, 5]);
const branchOffset = signed([12, 1, 8], [10, 2, 3], [5, 2, 6], [3, 2, 1], [2, 1, 5]);

type Row = readonly [
  ...[name: string, match: number, mask: number, expands: Mnemonic, fields: Fields],
  ...[operands: string, ...nonzero: (keyof Fields)[]],
];

const inPlace = (immediate: ImmediateField): Fields => ({ rd: upperPopular, rs1: upperPopular, immediate });
const twoPopular: Fields = { rd: upperPopular, rs1: upperPopular, rs2: lowerPopular };

/** Where masks overlap the more special instruction comes first. */
const rows = [
  ["c.addi4spn", 0x0000, 0xe003, "addi", { rd: lowerPopular, rs1: stack, immediate: frameOffset }, "{rd}, {rs1}, {immediate}", "immediate"],
  ["c.lw", 0x4000, 0xe003, "lw", { rd: lowerPopular, rs1: upperPopular, immediate: wordOffset }, "{rd}, {immediate}({rs1})"],
  ["c.sw", 0xc000, 0xe003, "sw", { rs2: lowerPopular, rs1: upperPopular, immediate: wordOffset }, "{rs2}, {immediate}({rs1})"],
  ["c.nop", 0x0001, 0xffff, "addi", {}, ""],
  ["c.addi", 0x0001, 0xe003, "addi", { rd, rs1: rd, immediate: small }, "{rd}, {immediate}"],
  ["c.jal", 0x2001, 0xe003, "jal", { rd: link, immediate: jumpOffset }, "{target}"],
  ["c.li", 0x4001, 0xe003, "addi", { rd, rs1: zero, immediate: small }, "{rd}, {immediate}"],
  ["c.addi16sp", 0x6101, 0xef83, "addi", { rd: stack, rs1: stack, immediate: frameSize }, "{rd}, {immediate}", "immediate"],
  ["c.lui", 0x6001, 0xe003, "lui", { rd, immediate: signed([12, 1, 17], [2, 5, 12]) }, "{rd}, {upper}", "immediate"],
  ["c.srli", 0x8001, 0xfc03, "srli", inPlace(shift), "{rd}, {immediate}"],
  ["c.srai", 0x8401, 0xfc03, "srai", inPlace(shift), "{rd}, {immediate}"],
  ["c.andi", 0x8801, 0xec03, "andi", inPlace(small), "{rd}, {immediate}"],
  ["c.sub", 0x8c01, 0xfc63, "sub", twoPopular, "{rd}, {rs2}"],
  ["c.xor", 0x8c21, 0xfc63, "xor", twoPopular, "{rd}, {rs2}"],
  ["c.or", 0x8c41, 0xfc63, "or", twoPopular, "{rd}, {rs2}"],
  ["c.and", 0x8c61, 0xfc63, "and", twoPopular, "{rd}, {rs2}"],
  ["c.j", 0xa001, 0xe003, "jal", { rd: zero, immediate: jumpOffset }, "{target}"],
  ["c.beqz", 0xc001, 0xe003, "beq", { rs1: upperPopular, rs2: zero, immediate: branchOffset }, "{rs1}, {target}"],
  ["c.bnez", 0xe001, 0xe003, "bne", { rs1: upperPopular, rs2: zero, immediate: branchOffset }, "{rs1}, {target}"],
  ["c.slli", 0x0002, 0xf003, "slli", { rd, rs1: rd, immediate: shift }, "{rd}, {immediate}"],
  ["c.lwsp", 0x4002, 0xe003, "lw", { rd, rs1: stack, immediate: loadFromStack }, "{rd}, {immediate}({rs1})", "rd"],
  ["c.jr", 0x8002, 0xf07f, "jalr", { rd: zero, rs1: rd }, "{rs1}", "rs1"],
  ["c.mv", 0x8002, 0xf003, "add", { rd, rs1: zero, rs2: register(2) }, "{rd}, {rs2}", "rs2"],
  ["c.ebreak", 0x9002, 0xffff, "ebreak", {}, ""],
  ["c.jalr", 0x9002, 0xf07f, "jalr", { rd: link, rs1: rd }, "{rs1}", "rs1"],
  ["c.add", 0x9002, 0xf003, "add", { rd, rs1: rd, rs2: register(2) }, "{rd}, {rs2}", "rs2"],
  ["c.swsp", 0xc002, 0xe003, "sw", { rs2: register(2), rs1: stack, immediate: storeToStack }, "{rs2}, {immediate}({rs1})"],
] as const satisfies readonly Row[];

export type CompressedName = (typeof rows)[number][0];

export const compressedInstructions: readonly Compressed[] = (rows as readonly Row[]).map(
  ([name, match, mask, expands, fields, operands, ...nonzero]) => ({
    ...{ name: name as CompressedName, bytes: 2, match, mask, fields, operands, nonzero, expands },
  }),
);
