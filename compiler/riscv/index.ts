export { type Compressed, compressedInstructions } from "./compressed.js";
export { decode, type Instruction, instructionBytes, type Undecodable } from "./decode.js";
export { disassemble } from "./disassemble.js";
export { encode, type Encoded, encodeFields, halfWords, type Operands } from "./encode.js";
export type { Encoding, Fields } from "./encoding.js";
export type { Isa } from "./isa.js";
export { type Mnemonic, type Operation, operations } from "./operations.js";
export { alternateLink, firstArgument, globalPointer, link, numberOf, registerNames, stackPointer, threadPointer } from "./registers.js";
