export { type Compressed, compressedInstructions, type CompressedName } from "./compressed.js";
export { decode, type Instruction, instructionBytes, type Undecodable } from "./decode.js";
export { disassemble } from "./disassemble.js";
export { encode, type Encoded, encodeFields, halfWord, halfWords, type Operands } from "./encode.js";
export type { Encoding, Fields } from "./encoding.js";
export type { Isa } from "./isa.js";
export { type Mnemonic, type Operation, operationOf, operations } from "./operations.js";
export { alternateLink, firstArgument, globalPointer, link, numberOf, registerNames, stackPointer, threadPointer } from "./registers.js";
export * from "./directives.js";
export * from "./instructions.js";
export { type COperand, input, inout, memory, memoryInout, namesOf, type Operands as COperands, out, pinned } from "./operands.js";
export {
  type Address,
  at,
  type CSymbol,
  hi,
  isProgram,
  type Item,
  type Label,
  label,
  type Line,
  lo,
  ownPart,
  type Program,
  program,
  symbol,
} from "./program.js";
export { type Register, type RegisterName } from "./registers.js";
export { codeBytes } from "./size.js";
export { cStatement, type NameOf } from "./statement.js";
export { type Field, slots, struct, type Struct } from "./struct.js";
export { borrowed, clobbered, stackBytes, written } from "./use.js";
