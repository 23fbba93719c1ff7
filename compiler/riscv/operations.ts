import { type Encoding, type Fields, type ImmediateField, register, signed, unsigned } from "./encoding.js";

/**
 * The instructions of RV32I, Zicsr and M: the one table from which encoder, decoder, disassembler, the assembly builder and, with
 * what each does (runtime/simulator/effects.ts), the interpreter are made.
 */
export interface Operation extends Encoding {
  readonly name: Mnemonic;
  readonly format: FormatName;
  /** Which extension has it; only code for cores that have it may use it. */
  readonly extension: "I" | "Zmmul" | "M";
}

interface Format {
  readonly mask: number;
  readonly fields: Fields;
  readonly operands: string;
}

const rd = register(7);
const rs1 = register(15);
const rs2 = register(20);
const immediate = signed([20, 12, 0]);
const withImmediate = (field: ImmediateField): Fields => ({ rd, rs1, immediate: field });

const formats = {
  register: { mask: 0xfe00707f, fields: { rd, rs1, rs2 }, operands: "{rd}, {rs1}, {rs2}" },
  immediate: { mask: 0x0000707f, fields: withImmediate(immediate), operands: "{rd}, {rs1}, {immediate}" },
  shift: { mask: 0xfe00707f, fields: withImmediate(unsigned([20, 5, 0])), operands: "{rd}, {rs1}, {immediate}" },
  load: { mask: 0x0000707f, fields: withImmediate(immediate), operands: "{rd}, {immediate}({rs1})" },
  store: { mask: 0x0000707f, fields: { rs1, rs2, immediate: signed([25, 7, 5], [7, 5, 0]) }, operands: "{rs2}, {immediate}({rs1})" },
  branch: {
    mask: 0x0000707f,
    fields: { rs1, rs2, immediate: signed([31, 1, 12], [7, 1, 11], [25, 6, 5], [8, 4, 1]) },
    operands: "{rs1}, {rs2}, {target}",
  },
  upper: { mask: 0x0000007f, fields: { rd, immediate: signed([12, 20, 12]) }, operands: "{rd}, {upper}" },
  jump: {
    mask: 0x0000007f,
    fields: { rd, immediate: signed([31, 1, 20], [12, 8, 12], [20, 1, 11], [21, 10, 1]) },
    operands: "{rd}, {target}",
  },
  csr: { mask: 0x0000707f, fields: withImmediate(unsigned([20, 12, 0])), operands: "{rd}, {immediate}, {rs1}" },
  // The place of rs1 holds a number: bits 12 to 16 of the immediate here.
  csrImmediate: { mask: 0x0000707f, fields: { rd, immediate: unsigned([20, 12, 0], [15, 5, 12]) }, operands: "{rd}, {immediate}" },
  // The sets of predecessors and successors mean nothing on a core that does everything in order.
  fence: { mask: 0x0000707f, fields: {}, operands: "" },
  bare: { mask: 0xffffffff, fields: {}, operands: "" },
} satisfies Readonly<Record<string, Format>>;

type FormatName = keyof typeof formats;

const row = <const F extends FormatName>(format: F, match: number, extension: Operation["extension"] = "I") => ({
  format,
  match,
  extension,
});

const table = {
  lui: row("upper", 0x37),
  auipc: row("upper", 0x17),
  jal: row("jump", 0x6f),
  jalr: row("load", 0x67),
  beq: row("branch", 0x0063),
  bne: row("branch", 0x1063),
  blt: row("branch", 0x4063),
  bge: row("branch", 0x5063),
  bltu: row("branch", 0x6063),
  bgeu: row("branch", 0x7063),
  lb: row("load", 0x0003),
  lh: row("load", 0x1003),
  lw: row("load", 0x2003),
  lbu: row("load", 0x4003),
  lhu: row("load", 0x5003),
  sb: row("store", 0x0023),
  sh: row("store", 0x1023),
  sw: row("store", 0x2023),
  addi: row("immediate", 0x0013),
  slti: row("immediate", 0x2013),
  sltiu: row("immediate", 0x3013),
  xori: row("immediate", 0x4013),
  ori: row("immediate", 0x6013),
  andi: row("immediate", 0x7013),
  slli: row("shift", 0x00001013),
  srli: row("shift", 0x00005013),
  srai: row("shift", 0x40005013),
  add: row("register", 0x00000033),
  sub: row("register", 0x40000033),
  sll: row("register", 0x00001033),
  slt: row("register", 0x00002033),
  sltu: row("register", 0x00003033),
  xor: row("register", 0x00004033),
  srl: row("register", 0x00005033),
  sra: row("register", 0x40005033),
  or: row("register", 0x00006033),
  and: row("register", 0x00007033),
  fence: row("fence", 0x0000000f),
  "fence.i": row("fence", 0x0000100f),
  ecall: row("bare", 0x00000073),
  ebreak: row("bare", 0x00100073),
  mret: row("bare", 0x30200073),
  wfi: row("bare", 0x10500073),
  csrrw: row("csr", 0x1073),
  csrrs: row("csr", 0x2073),
  csrrc: row("csr", 0x3073),
  csrrwi: row("csrImmediate", 0x5073),
  csrrsi: row("csrImmediate", 0x6073),
  csrrci: row("csrImmediate", 0x7073),
  mul: row("register", 0x02000033, "Zmmul"),
  mulh: row("register", 0x02001033, "Zmmul"),
  mulhsu: row("register", 0x02002033, "Zmmul"),
  mulhu: row("register", 0x02003033, "Zmmul"),
  div: row("register", 0x02004033, "M"),
  divu: row("register", 0x02005033, "M"),
  rem: row("register", 0x02006033, "M"),
  remu: row("register", 0x02007033, "M"),
};

export type Mnemonic = keyof typeof table;

/** The mnemonics of one format. */
export type MnemonicOf<F extends FormatName> = { [M in Mnemonic]: (typeof table)[M]["format"] extends F ? M : never }[Mnemonic];

export const operations: readonly Operation[] = (Object.keys(table) as Mnemonic[]).map((name) => {
  const { format, match, extension } = table[name];
  return { name, bytes: 4, match, nonzero: [], format, extension, ...formats[format] };
});

/** The row of a mnemonic. */
export const operationOf: Readonly<Record<Mnemonic, Operation>> = Object.fromEntries(
  operations.map((operation) => [operation.name, operation]),
) as Record<Mnemonic, Operation>;
