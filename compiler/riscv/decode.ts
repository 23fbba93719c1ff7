import { compressedInstructions } from "./compressed.js";
import { type Encoding, readImmediate, readRegister } from "./encoding.js";
import type { Isa } from "./isa.js";
import { type Operation, operationOf, operations } from "./operations.js";

/** One instruction in a program: an operation with its operands. */
export interface Instruction {
  readonly operation: Operation;
  /** As it is spelled: the operation itself, or a compressed form of it. */
  readonly encoding: Encoding;
  readonly rd: number;
  readonly rs1: number;
  readonly rs2: number;
  readonly immediate: number;
}

/** Why bits are no instruction of a core. */
export type Undecodable = "illegal-instruction" | "register-above-x15";

/** Reads the instruction at the low end of `word`; of a compressed one the upper half is ignored. */
export function decode(word: number, isa: Isa): Instruction | Undecodable {
  const instruction = (word & 3) === 3 ? decodeBase(word) : isa.compressed ? decodeCompressed(word & 0xffff) : undefined;
  if (instruction === undefined || !supports(isa, instruction.operation)) return "illegal-instruction";
  return isa.embedded && Math.max(instruction.rd, instruction.rs1, instruction.rs2) > 15 ? "register-above-x15" : instruction;
}

/** How many bytes the instruction that starts with this half-word has. */
export const instructionBytes = (half: number): 2 | 4 => ((half & 3) === 3 ? 4 : 2);

function decodeBase(word: number): Instruction | undefined {
  const operation = find(baseByOpcode, opcodeOf(word), word);
  return operation && operandsOf(operation, operation, word);
}

function decodeCompressed(half: number): Instruction | undefined {
  const encoding = find(compressedByQuadrant, quadrantOf(half), half);
  return encoding && operandsOf(encoding, operationOf[encoding.expands], half);
}

function operandsOf(encoding: Encoding, operation: Operation, word: number): Instruction | undefined {
  const { fields } = encoding;
  const operands = {
    rd: readRegister(fields.rd, word),
    rs1: readRegister(fields.rs1, word),
    rs2: readRegister(fields.rs2, word),
    immediate: readImmediate(fields.immediate, word),
  };
  return encoding.nonzero.some((field) => operands[field] === 0) ? undefined : { operation, encoding, ...operands };
}

function supports(isa: Isa, { extension }: Operation): boolean {
  return extension === "I" || isa.multiply === "M" || isa.multiply === extension;
}

const opcodeOf = (word: number): number => (word >>> 2) & 31;
const quadrantOf = (half: number): number => ((half >>> 11) & 0b11100) | (half & 3);
const baseByOpcode = grouped(operations, opcodeOf);
const compressedByQuadrant = grouped(compressedInstructions, quadrantOf);

/** Splits a table by the bits every instruction has, so that a search looks at few rows. */
function grouped<E extends Encoding>(table: readonly E[], groupOf: (match: number) => number): readonly (readonly E[])[] {
  return Array.from({ length: 32 }, (_, group) => table.filter(({ match }) => groupOf(match) === group));
}

function find<E extends Encoding>(groups: readonly (readonly E[])[], group: number, word: number): E | undefined {
  return groups[group]!.find(({ mask, match }) => ((word & mask) ^ match) === 0);
}
