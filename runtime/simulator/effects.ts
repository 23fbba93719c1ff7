import type { Mnemonic } from "#compiler/riscv/index.js";

/**
 * What each instruction does, beside the table of the instructions themselves. Meanings are JavaScript over `a` and `b` (the values of
 * rs1 and rs2), `i` (the immediate) and `pc`; the interpreter is generated from them.
 */
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

const alu = (value: string): Effect => ({ kind: "value", value, timing: "alu" });
const load = (width: 1 | 2 | 4, isSigned: boolean): Effect => ({ kind: "load", width, signed: isSigned });
const store = (width: 1 | 2 | 4): Effect => ({ kind: "store", width });
const branch = (when: string): Effect => ({ kind: "branch", when });
const system = (action: Extract<Effect, { kind: "system" }>["action"]): Effect => ({ kind: "system", action });
const csr = (write: string, operand: "register" | "immediate"): Effect => ({ kind: "csr", write, operand });
const multiply = (value: string): Effect => ({ kind: "value", value, timing: "multiply" });
const divide = (value: string): Effect => ({ kind: "value", value, timing: "divide" });

export const effects: Readonly<Record<Mnemonic, Effect>> = {
  lui: alu("i"),
  auipc: alu("pc + i"),
  jal: { kind: "jump" },
  jalr: { kind: "jump-register" },
  beq: branch("a === b"),
  bne: branch("a !== b"),
  blt: branch("a < b"),
  bge: branch("a >= b"),
  bltu: branch("a >>> 0 < b >>> 0"),
  bgeu: branch("a >>> 0 >= b >>> 0"),
  lb: load(1, true),
  lh: load(2, true),
  lw: load(4, true),
  lbu: load(1, false),
  lhu: load(2, false),
  sb: store(1),
  sh: store(2),
  sw: store(4),
  addi: alu("a + i"),
  slti: alu("a < i ? 1 : 0"),
  sltiu: alu("a >>> 0 < i >>> 0 ? 1 : 0"),
  xori: alu("a ^ i"),
  ori: alu("a | i"),
  andi: alu("a & i"),
  slli: alu("a << i"),
  srli: alu("a >>> i"),
  srai: alu("a >> i"),
  add: alu("a + b"),
  sub: alu("a - b"),
  sll: alu("a << b"),
  slt: alu("a < b ? 1 : 0"),
  sltu: alu("a >>> 0 < b >>> 0 ? 1 : 0"),
  xor: alu("a ^ b"),
  srl: alu("a >>> b"),
  sra: alu("a >> b"),
  or: alu("a | b"),
  and: alu("a & b"),
  fence: { kind: "fence" },
  "fence.i": { kind: "fence" },
  ecall: system("environment-call"),
  ebreak: system("breakpoint"),
  mret: system("trap-return"),
  wfi: system("wait"),
  csrrw: csr("operand", "register"),
  csrrs: csr("old | operand", "register"),
  csrrc: csr("old & ~operand", "register"),
  csrrwi: csr("operand", "immediate"),
  csrrsi: csr("old | operand", "immediate"),
  csrrci: csr("old & ~operand", "immediate"),
  mul: multiply("Math.imul(a, b)"),
  mulh: multiply("arithmetic.highSigned(a, b)"),
  mulhsu: multiply("arithmetic.highMixed(a, b)"),
  mulhu: multiply("arithmetic.highUnsigned(a, b)"),
  // Division by zero gives all ones and the dividend; the one overflow wraps, as conversion to 32 bits does anyway.
  div: divide("b === 0 ? -1 : a / b"),
  divu: divide("b === 0 ? -1 : (a >>> 0) / (b >>> 0)"),
  rem: divide("b === 0 ? a : a % b"),
  remu: divide("b === 0 ? a : (a >>> 0) % (b >>> 0)"),
};
