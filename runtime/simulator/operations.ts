import { type Encoding, type Fields, type ImmediateField, register, signed, unsigned } from "./encoding.js";

/**
 * The instructions of RV32I, Zicsr and M: the one table from which decoder, interpreter, disassembler and the
 * assembler of the tests are made. Meanings are JavaScript over `a` and `b` (the values of rs1 and rs2), `i` (the
 * immediate) and `pc`; the interpreter is generated from them.
 */
export interface Operation extends Encoding {
  readonly effect: Effect;
  /** Which extension has it; only code for cores that have it may use it. */
  readonly extension: "I" | "Zmmul" | "M";
}

export type Effect =
  | { readonly kind: "value"; readonly value: string; readonly timing: "alu" | "multiply" | "divide" }
  | { readonly kind: "load"; readonly width: 1 | 2 | 4; readonly signed: boolean }
  | { readonly kind: "store"; readonly width: 1 | 2 | 4 }
  | { readonly kind: "branch"; readonly when: string }
  | { readonly kind: "jump" }
  | { readonly kind: "jump-register" }
  | { readonly kind: "fence" }
  | { readonly kind: "system"; readonly action: "environment-call" | "breakpoint" | "trap-return" | "wait" }
  /** `write` is what is written, over `old` and `operand`. */
  | { readonly kind: "csr"; readonly write: string; readonly operand: "register" | "immediate" };

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

const define = (name: string, format: Format, match: number, effect: Effect, extension: Operation["extension"] = "I"): Operation => ({
  ...{ name, bytes: 4, mask: format.mask, match, fields: format.fields },
  ...{ operands: format.operands, nonzero: [], effect, extension },
});

const alu = (value: string): Effect => ({ kind: "value", value, timing: "alu" });
const load = (width: 1 | 2 | 4, isSigned: boolean): Effect => ({ kind: "load", width, signed: isSigned });
const store = (width: 1 | 2 | 4): Effect => ({ kind: "store", width });
const branch = (when: string): Effect => ({ kind: "branch", when });
const system = (action: Extract<Effect, { kind: "system" }>["action"]): Effect => ({ kind: "system", action });
const csr = (write: string, operand: "register" | "immediate"): Effect => ({ kind: "csr", write, operand });
const multiply = (name: string, match: number, value: string): Operation =>
  define(name, formats.register, match, { kind: "value", value, timing: "multiply" }, "Zmmul");
const divide = (name: string, match: number, value: string): Operation =>
  define(name, formats.register, match, { kind: "value", value, timing: "divide" }, "M");

export const operations: readonly Operation[] = [
  define("lui", formats.upper, 0x37, alu("i")),
  define("auipc", formats.upper, 0x17, alu("pc + i")),
  define("jal", formats.jump, 0x6f, { kind: "jump" }),
  define("jalr", formats.load, 0x67, { kind: "jump-register" }),
  define("beq", formats.branch, 0x0063, branch("a === b")),
  define("bne", formats.branch, 0x1063, branch("a !== b")),
  define("blt", formats.branch, 0x4063, branch("a < b")),
  define("bge", formats.branch, 0x5063, branch("a >= b")),
  define("bltu", formats.branch, 0x6063, branch("a >>> 0 < b >>> 0")),
  define("bgeu", formats.branch, 0x7063, branch("a >>> 0 >= b >>> 0")),
  define("lb", formats.load, 0x0003, load(1, true)),
  define("lh", formats.load, 0x1003, load(2, true)),
  define("lw", formats.load, 0x2003, load(4, true)),
  define("lbu", formats.load, 0x4003, load(1, false)),
  define("lhu", formats.load, 0x5003, load(2, false)),
  define("sb", formats.store, 0x0023, store(1)),
  define("sh", formats.store, 0x1023, store(2)),
  define("sw", formats.store, 0x2023, store(4)),
  define("addi", formats.immediate, 0x0013, alu("a + i")),
  define("slti", formats.immediate, 0x2013, alu("a < i ? 1 : 0")),
  define("sltiu", formats.immediate, 0x3013, alu("a >>> 0 < i >>> 0 ? 1 : 0")),
  define("xori", formats.immediate, 0x4013, alu("a ^ i")),
  define("ori", formats.immediate, 0x6013, alu("a | i")),
  define("andi", formats.immediate, 0x7013, alu("a & i")),
  define("slli", formats.shift, 0x00001013, alu("a << i")),
  define("srli", formats.shift, 0x00005013, alu("a >>> i")),
  define("srai", formats.shift, 0x40005013, alu("a >> i")),
  define("add", formats.register, 0x00000033, alu("a + b")),
  define("sub", formats.register, 0x40000033, alu("a - b")),
  define("sll", formats.register, 0x00001033, alu("a << b")),
  define("slt", formats.register, 0x00002033, alu("a < b ? 1 : 0")),
  define("sltu", formats.register, 0x00003033, alu("a >>> 0 < b >>> 0 ? 1 : 0")),
  define("xor", formats.register, 0x00004033, alu("a ^ b")),
  define("srl", formats.register, 0x00005033, alu("a >>> b")),
  define("sra", formats.register, 0x40005033, alu("a >> b")),
  define("or", formats.register, 0x00006033, alu("a | b")),
  define("and", formats.register, 0x00007033, alu("a & b")),
  define("fence", formats.fence, 0x0000000f, { kind: "fence" }),
  define("fence.i", formats.fence, 0x0000100f, { kind: "fence" }),
  define("ecall", formats.bare, 0x00000073, system("environment-call")),
  define("ebreak", formats.bare, 0x00100073, system("breakpoint")),
  define("mret", formats.bare, 0x30200073, system("trap-return")),
  define("wfi", formats.bare, 0x10500073, system("wait")),
  define("csrrw", formats.csr, 0x1073, csr("operand", "register")),
  define("csrrs", formats.csr, 0x2073, csr("old | operand", "register")),
  define("csrrc", formats.csr, 0x3073, csr("old & ~operand", "register")),
  define("csrrwi", formats.csrImmediate, 0x5073, csr("operand", "immediate")),
  define("csrrsi", formats.csrImmediate, 0x6073, csr("old | operand", "immediate")),
  define("csrrci", formats.csrImmediate, 0x7073, csr("old & ~operand", "immediate")),
  multiply("mul", 0x02000033, "Math.imul(a, b)"),
  multiply("mulh", 0x02001033, "arithmetic.highSigned(a, b)"),
  multiply("mulhsu", 0x02002033, "arithmetic.highMixed(a, b)"),
  multiply("mulhu", 0x02003033, "arithmetic.highUnsigned(a, b)"),
  // Division by zero gives all ones and the dividend; the one overflow wraps, as conversion to 32 bits does anyway.
  divide("div", 0x02004033, "b === 0 ? -1 : a / b"),
  divide("divu", 0x02005033, "b === 0 ? -1 : (a >>> 0) / (b >>> 0)"),
  divide("rem", 0x02006033, "b === 0 ? a : a % b"),
  divide("remu", 0x02007033, "b === 0 ? a : (a >>> 0) % (b >>> 0)"),
];
