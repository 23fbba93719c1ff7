import { Failure } from "../failure.js";
import type { Compiler } from "./cc.js";
import { run } from "./process.js";

/** The sections of an object file, in bytes: flash holds text and data, RAM data and bss. */
export interface Sizes {
  readonly text: number;
  readonly data: number;
  readonly bss: number;
}

export function sizesOf(compiler: Compiler, object: string): Sizes {
  const [, numbers] = toolOutput(compiler, "size", ["-B", object]).trim().split("\n");
  const [text, data, bss] = numbers!.trim().split(/\s+/).map(Number);
  return { text: text!, data: data!, bss: bss! };
}

/** The names that an object takes from elsewhere: a library's multiplication or memcpy among them. */
export const externalsOf = (compiler: Compiler, object: string): readonly string[] =>
  toolOutput(compiler, "nm", ["--undefined-only", "--format=posix", object])
    .split("\n")
    .flatMap((line) => (line === "" ? [] : [line.split(" ")[0]!]));

/** The instructions of an object, disassembled: mnemonic and operands. */
export const instructionsOf = (compiler: Compiler, object: string): readonly string[] =>
  toolOutput(compiler, "objdump", ["--disassemble", "--no-show-raw-insn", object])
    .split("\n")
    .flatMap((line) => /^\s*[0-9a-f]+:\s+(\S.*)$/.exec(line)?.[1] ?? []);

/**
 * What is in an object that the chip cannot run without help: instructions that multiply (unless it does) or divide,
 * and calls to functions that nothing brings along. None is right.
 */
export function foreignCode(compiler: Compiler, object: string, multiplies: boolean): readonly string[] {
  const forbidden = multiplies ? /^(div|rem)/ : /^(c\.)?(mul|div|rem)/;
  return [
    ...instructionsOf(compiler, object).filter((instruction) => forbidden.test(instruction)),
    ...externalsOf(compiler, object).map((name) => `a call to ${name}`),
  ];
}

/** What a tool of the compiler's own binutils prints: `riscv64-unknown-elf-gcc` comes with `riscv64-unknown-elf-size`. */
export function toolOutput({ command }: Compiler, tool: string, told: readonly string[]): string {
  const program = command.replace(/(gcc|clang|cc)(-[\d.]+)?$/, tool);
  const outcome = run(program, told);
  if (outcome?.status === 0) return outcome.stdout.toString();
  throw new Failure(
    `cannot run ${program}${outcome === undefined ? "" : `: ${outcome.stderr}`}`,
    "install the binutils that belong to the compiler",
  );
}
