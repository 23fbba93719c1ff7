import { type Mnemonic, type MnemonicOf, operations } from "./operations.js";
import type { Address, Immediate, Line, Machine, Operand, Target } from "./program.js";
import type { Register } from "./registers.js";

/**
 * The instructions of RV32IM as functions that make lines: operands in the order in which assembly has them, then, if wanted, a note
 * that stands beside the line. `lw(a0, at(sp, 4), "the loop")` is `lw a0, 4(sp)`.
 */
const line = (spelled: string, operands: readonly Operand[], machine: readonly Machine[], note?: string): Line => ({
  ...{ kind: "instruction", spelled, operands, machine },
  ...(note === undefined ? {} : { note }),
});

const ofFormat = <const F extends "register" | "immediate" | "shift" | "load" | "store" | "branch" | "upper", T>(
  format: F,
  make: (mnemonic: MnemonicOf<F>) => T,
): Readonly<Record<MnemonicOf<F>, T>> => {
  const mnemonics = operations.filter((operation) => operation.format === format).map(({ name }) => name as MnemonicOf<F>);
  return Object.fromEntries(mnemonics.map((mnemonic) => [mnemonic, make(mnemonic)])) as Record<MnemonicOf<F>, T>;
};

const register = (mnemonic: Mnemonic) => (rd: Register, rs1: Register, rs2: Register, note?: string) =>
  line(mnemonic, [rd, rs1, rs2], [{ mnemonic, rd, rs1, rs2 }], note);
const immediate = (mnemonic: Mnemonic) => (rd: Register, rs1: Register, value: Immediate, note?: string) =>
  line(mnemonic, [rd, rs1, value], [{ mnemonic, rd, rs1, immediate: value }], note);
const branch = (mnemonic: Mnemonic) => (rs1: Register, rs2: Register, target: Target, note?: string) =>
  line(mnemonic, [rs1, rs2, target], [{ mnemonic, rs1, rs2, immediate: target }], note);
const upper = (mnemonic: Mnemonic) => (rd: Register, value: Immediate, note?: string) =>
  line(mnemonic, [rd, value], [{ mnemonic, rd, immediate: typeof value === "number" ? value << 12 : value }], note);
const load = (mnemonic: Mnemonic) => (rd: Register, from: Address, note?: string) =>
  line(mnemonic, [rd, from], [{ mnemonic, rd, ...placed(from) }], note);
const store = (mnemonic: Mnemonic) => (rs2: Register, to: Address, note?: string) =>
  line(mnemonic, [rs2, to], [{ mnemonic, rs2, ...placed(to) }], note);

/** Where C has memory is known to C alone: any register, and an offset that compressed instructions may not have. */
const placed = (address: Address): Pick<Machine, "rs1" | "immediate"> =>
  address.kind === "memory" ? { rs1: `%[${address.name}]`, immediate: 1 } : { rs1: address.base, immediate: address.offset };

export const { add, and, or, sll, slt, sltu, sra, srl, sub, xor } = ofFormat("register", register);
export const { mul, mulh, mulhsu, mulhu, div, divu, rem, remu } = ofFormat("register", register);
export const { addi, andi, ori, slti, sltiu, xori } = ofFormat("immediate", immediate);
export const { slli, srai, srli } = ofFormat("shift", immediate);
export const { beq, bge, bgeu, blt, bltu, bne } = ofFormat("branch", branch);
export const { auipc, lui } = ofFormat("upper", upper);
export const { lb, lbu, lh, lhu, lw } = ofFormat("load", load);
export const { sb, sh, sw } = ofFormat("store", store);

/** A copy; of zero there is `li`, which GNU as makes shorter. */
export function mv(rd: Register, rs1: Register, note?: string): Line {
  if (rs1 === "zero") throw new Error(`mv ${rd}, zero: li ${rd}, 0 is shorter`);
  return line("mv", [rd, rs1], [{ mnemonic: "addi", rd, rs1, immediate: 0 }], note);
}

/** Moves the stack pointer to a frame that C made: handlers of interrupts may go on below it. */
export const enterFrame = (frame: Register, note?: string): Line => ({ ...mv("sp", frame, note), frame: true }) as Line;

/** Any value of 32 bits, signed or not. */
export const li = (rd: Register, value: number, note?: string): Line => line("li", [rd, value], constant(rd, value | 0), note);

function constant(rd: Register, value: number): readonly Machine[] {
  const low = (value << 20) >> 20;
  if (low === value) return [{ mnemonic: "addi", rd, rs1: "zero", immediate: low }];
  const lui: Machine = { mnemonic: "lui", rd, immediate: (value - low) | 0 };
  return low === 0 ? [lui] : [lui, { mnemonic: "addi", rd, rs1: rd, immediate: low }];
}

/** The address of a place. */
export const la = (rd: Register, of: Target, note?: string): Line => {
  const [high, low] = [{ kind: "hi", of, plus: 0 } as const, { kind: "lo", of, plus: 0 } as const];
  return line(
    "la",
    [rd, of],
    [
      { mnemonic: "auipc", rd, immediate: high },
      { mnemonic: "addi", rd, rs1: rd, immediate: low },
    ],
    note,
  );
};

const toZero =
  (spelled: string, mnemonic: Mnemonic, swapped = false) =>
  (rs: Register, immediate: Target, note?: string): Line =>
    line(spelled, [rs, immediate], [{ mnemonic, rs1: swapped ? "zero" : rs, rs2: swapped ? rs : "zero", immediate }], note);

export const beqz = toZero("beqz", "beq");
export const bnez = toZero("bnez", "bne");
export const bltz = toZero("bltz", "blt");
export const bgez = toZero("bgez", "bge");
export const blez = toZero("blez", "bge", true);
export const bgtz = toZero("bgtz", "blt", true);

export const j = (immediate: Target, note?: string): Line => line("j", [immediate], [{ mnemonic: "jal", rd: "zero", immediate }], note);
/** Calls a function: returns to `ra`. */
export const jal = (immediate: Target, note?: string): Line => line("jal", [immediate], [{ mnemonic: "jal", rd: "ra", immediate }], note);

const toRegister =
  (spelled: string, rd: Register) =>
  (to: Register | Address, note?: string): Line =>
    line(
      spelled,
      [to],
      [{ mnemonic: "jalr", rd, ...placed(typeof to === "string" ? { kind: "address", base: to, offset: 0 } : to) }],
      note,
    );

export const jr = toRegister("jr", "zero");
/** Calls a function at an address: returns to `ra`. */
export const jalr = toRegister("jalr", "ra");
export const ret = (note?: string): Line => line("ret", [], [{ mnemonic: "jalr", rd: "zero", rs1: "ra", immediate: 0 }], note);
export const nop = (note?: string): Line => line("nop", [], [{ mnemonic: "addi", rd: "zero", rs1: "zero", immediate: 0 }], note);
