import { asmStatement, type COperands } from "../riscv/index.js";

/** Assembly of another instruction set than RISC-V, in the syntax of GNU as: the body of a naked function, or extended assembly. */
export interface AssemblyText {
  /** An instruction or a label each. */
  readonly lines: readonly string[];
  /** What C and extended assembly share; lines name each as `%[name]`. */
  readonly operands?: COperands;
  /** Registers that extended assembly changes beside its operands. */
  readonly clobbers?: readonly string[];
}

/**
 * All assembly that a family has for an instruction set: of its templates, by name, a text for each `{{asm slot}}`. Templates that it
 * leaves out are emitted as C.
 */
export interface FamilyAssembly {
  /** An instruction set's name. */
  readonly isa: string;
  readonly family: string;
  /** Each is told the context of the function, which for RISC-V has the program of the slot itself. */
  readonly templates: Readonly<Record<string, (context: object) => Readonly<Record<string, AssemblyText>>>>;
}

export const defineAssembly = (assembly: FamilyAssembly): FamilyAssembly => assembly;

/** The C statement that holds it. */
export function textStatement({ lines, operands, clobbers = [] }: AssemblyText): string {
  const body = lines.map((line) => `    "${line}\\n"`).join("\n");
  return asmStatement(body, operands && { operands, registers: "l", clobbers: [...clobbers, "cc", "memory"] });
}
