import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "#runtime/toolchain/process.js";

/** What the GNU tools for RISC-V are called before their names; undefined where none are installed. */
export const gnuPrefix = ["riscv64-unknown-elf-", "riscv-none-elf-", "riscv32-unknown-elf-"].find(
  (prefix) => run(`${prefix}as`, ["--version"])?.status === 0,
);

function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "bnmc-gnu-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function gnu(tool: string, ...told: readonly string[]): string {
  const outcome = run(`${gnuPrefix}${tool}`, told);
  if (outcome === undefined || outcome.status !== 0) throw new Error(`${gnuPrefix}${tool} ${told.join(" ")}: ${outcome?.stderr}`);
  return outcome.stdout.toString();
}

/** The bytes that GNU as makes of assembly. */
export const gnuAssemble = (text: string, architecture: string): Uint8Array =>
  inFolder((folder) => {
    const [source, object, binary] = ["a.s", "a.o", "a.bin"].map((name) => join(folder, name)) as [string, string, string];
    writeFileSync(source, text);
    gnu("as", `-march=${architecture}`, architecture.startsWith("rv32e") ? "-mabi=ilp32e" : "-mabi=ilp32", "-o", object, source);
    gnu("objcopy", "-O", "binary", "-j", ".text", object, binary);
    return readFileSync(binary);
  });

/** What objdump prints of half-words: a mnemonic and operands each, `c.addi a0,-1`, and how many bytes they take. */
export const gnuDisassemble = (code: Uint8Array): readonly { readonly bytes: number; readonly text: string }[] =>
  inFolder((folder) => {
    const file = join(folder, "a.bin");
    writeFileSync(file, code);
    const printed = gnu("objdump", "-D", "-b", "binary", "-m", "riscv:rv32", "-M", "no-aliases", file);
    return [...printed.matchAll(/^\s*[0-9a-f]+:\t([0-9a-f]+)\s*\t(.*)$/gm)].map(([, bits, text]) => ({
      bytes: bits!.length / 2,
      text: text!
        .replace(/\s*[<#].*$/, "")
        .replace(/\t/g, " ")
        .trim(),
    }));
  });

/** How many bytes GNU as makes of each of these texts, one beside the other. */
export const gnuSizes = (texts: readonly string[]): readonly number[] =>
  inFolder((folder) => {
    const [source, object] = ["a.s", "a.o"].map((name) => join(folder, name)) as [string, string];
    // A label behind each: sections of code end at a multiple of their alignment.
    const sections = texts.map((text, index) => `.section .text.p${index}, "ax", @progbits\n${text}\nend_of_${index}:\n`);
    writeFileSync(source, sections.join(""));
    gnu("as", "-march=rv32imc", "-mabi=ilp32", "-o", object, source);
    const ends = new Map(
      [...gnu("nm", object).matchAll(/^([0-9a-f]+) . end_of_(\d+)$/gm)].map(([, end, index]) => [Number(index), parseInt(end!, 16)]),
    );
    return texts.map((_, index) => ends.get(index)!);
  });
