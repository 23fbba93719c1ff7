/**
 * RISC-V (RV32IMC and RV32E): one table of instructions, from which come encoder, decoder, disassembler, and assembly as values.
 *
 * A loop of a kernel is a `Program`, made in `compiler/kernels/<family>/rv32-<routine>.ts`:
 *
 *     const loop = label();
 *     return program([
 *       "a0 next entry    a1 end of the list",   // a comment on a line of its own
 *       loop,                                    // where a label is
 *       lw(a2, at(a0), "an input"),              // operands as assembly has them, then a comment beside the line
 *       addi(a0, a0, 4),
 *       several && [add(a3, a3, a2), ...],       // lines that depend on a condition; a macro is a function that gives lines
 *       bltu(a0, a1, loop),
 *       j(symbol("leave")),                      // a C function, by the role in which the routine calls it
 *     ]);
 *
 * `slots` and `struct` name what lies at which offset, `namesOf` the operands that C gives to extended assembly. A template has it
 * written by `{{asm program}}`; `codeBytes`, `stackBytes`, `borrowed` and `clobbered` say what it takes.
 */
export { type Compressed, compressedInstructions, type CompressedName } from "./compressed.js";
export { decode, type Instruction, instructionBytes, type Undecodable } from "./decode.js";
export { disassemble } from "./disassemble.js";
export { asmStatement } from "./extended.js";
export { encode, type Encoded, encodeFields, halfWord, halfWords, type Operands } from "./encode.js";
export type { Encoding, Fields } from "./encoding.js";
export type { Isa } from "./isa.js";
export { type Mnemonic, type Operation, operationOf, operations } from "./operations.js";
export { alternateLink, firstArgument, globalPointer, link, numberOf, registerNames, stackPointer, threadPointer } from "./registers.js";
export * from "./directives.js";
export { countDown, restore, save } from "./frame.js";
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
  programsIn,
  symbol,
} from "./program.js";
export { type Register, type RegisterName } from "./registers.js";
export { codeBytes, distances } from "./size.js";
export { cStatement, type NameOf } from "./statement.js";
export { type Field, slots, struct, type Struct } from "./struct.js";
export { borrowed, clobbered, stackBytes, written } from "./use.js";
