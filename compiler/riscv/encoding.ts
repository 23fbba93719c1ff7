/**
 * How the fields of an instruction lie in its bits. Everything is data, so that decoding, encoding (the assembler of
 * the tests) and disassembly read the same description.
 */
export interface Encoding {
  /** Mnemonic. */
  readonly name: string;
  readonly bytes: 2 | 4;
  /** The bits that tell this instruction from others, and their values. */
  readonly mask: number;
  readonly match: number;
  readonly fields: Fields;
  /** Operands as assembly text, `{rd}, {rs1}, {immediate}`; `{target}` is an immediate relative to the instruction. */
  readonly operands: string;
  /** Fields whose value zero is reserved for another instruction. */
  readonly nonzero: readonly (keyof Fields)[];
}

export interface Fields {
  readonly rd?: RegisterField;
  readonly rs1?: RegisterField;
  readonly rs2?: RegisterField;
  readonly immediate?: ImmediateField;
}

/** Where a register number is kept; `base` is added to it. Without bits it is implied by the instruction. */
export interface RegisterField {
  readonly low: number;
  readonly width: number;
  readonly base: number;
}

export interface ImmediateField {
  readonly pieces: readonly Piece[];
  readonly signed: boolean;
}

/** `width` bits from bit `from` of the instruction are bits `to` and up of the immediate. */
export type Piece = readonly [from: number, width: number, to: number];

/** A register number of five bits. */
export const register = (low: number): RegisterField => ({ low, width: 5, base: 0 });

/** A register of x8 to x15 in three bits, as compressed instructions name them. */
export const popular = (low: number): RegisterField => ({ low, width: 3, base: 8 });

/** A register the instruction always means. */
export const implied = (number: number): RegisterField => ({ low: 0, width: 0, base: number });

export const signed = (...pieces: readonly Piece[]): ImmediateField => ({ pieces, signed: true });

export const unsigned = (...pieces: readonly Piece[]): ImmediateField => ({ pieces, signed: false });

const bits = (width: number): number => 2 ** width - 1;

export function readRegister(field: RegisterField | undefined, word: number): number {
  return field === undefined ? 0 : ((word >>> field.low) & bits(field.width)) + field.base;
}

export function readImmediate(field: ImmediateField | undefined, word: number): number {
  if (field === undefined) return 0;
  let value = 0;
  for (const [from, width, to] of field.pieces) value |= ((word >>> from) & bits(width)) << to;
  const unused = 32 - immediateWidth(field);
  return field.signed ? (value << unused) >> unused : value;
}

/** The bits of a register number, or undefined when the field cannot name it. */
export function writeRegister(field: RegisterField | undefined, number: number): number | undefined {
  const code = number - (field?.base ?? 0);
  return code >= 0 && code <= bits(field?.width ?? 0) ? code << (field?.low ?? 0) : undefined;
}

/** The bits of an immediate, or undefined when the field cannot hold it. */
export function writeImmediate(field: ImmediateField | undefined, value: number): number | undefined {
  let word = 0;
  for (const [from, width, to] of field?.pieces ?? []) word |= ((value >>> to) & bits(width)) << from;
  return readImmediate(field, word) === value ? word : undefined;
}

/** Bits of the immediate from its highest down to bit zero, which is not stored when it is always zero. */
const immediateWidth = (field: ImmediateField): number => Math.max(...field.pieces.map(([, width, to]) => to + width));
