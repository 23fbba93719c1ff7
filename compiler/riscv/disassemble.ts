import { hex } from "../text.js";
import { decode, instructionBytes } from "./decode.js";
import type { Isa } from "./isa.js";
import { registerNames } from "./registers.js";

/** Assembly text of the instruction at the low end of `word`; bits that are none become a `.half` or `.word`. */
export function disassemble(word: number, address: number, isa: Isa): string {
  const instruction = decode(word, isa);
  if (typeof instruction === "string") {
    return instructionBytes(word) === 2 ? `.half ${hex(word & 0xffff, 4)}` : `.word ${hex(word, 8)}`;
  }
  const { encoding, rd, rs1, rs2, immediate } = instruction;
  const values: Readonly<Record<string, string>> = {
    rd: registerNames[rd]!,
    rs1: registerNames[rs1]!,
    rs2: registerNames[rs2]!,
    immediate: `${immediate}`,
    upper: hex((immediate >>> 12) & 0xfffff),
    target: hex(address + immediate),
  };
  return `${encoding.name} ${encoding.operands.replace(/\{(\w+)\}/g, (_, field: string) => values[field]!)}`.trimEnd();
}
