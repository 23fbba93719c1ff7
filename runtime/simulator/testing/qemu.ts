import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The state before an instruction: the program counter, then x1 to x15. */
export type TraceEntry = readonly number[];

/** RAM of QEMU's `virt` machine begins here; programs start at its first byte. */
export const qemuRam = 0x80000000;

const testFinisher = 0x100000;

/** Whether a trace goes to the end of its program: the address of the test finisher is in t1. */
export const isWhole = (trace: readonly TraceEntry[]): boolean => trace.at(-1)?.[6] === testFinisher;

/** Assembly that ends a program in QEMU: a word to the `virt` machine's test finisher. Uses t1 and t2. */
export const qemuExit = "lui t1, 0x100\n lui t2, 0x5\n addi t2, t2, 0x555\n sw t2, 0(t1)";

const program = "qemu-system-riscv32";

/** The version of qemu-system-riscv32, or undefined when it is not installed. */
export function qemuVersion(): readonly [major: number, minor: number] | undefined {
  try {
    const found = /version (\d+)\.(\d+)/.exec(execFileSync(program, ["--version"], { encoding: "utf8" }));
    return found === null ? undefined : [Number(found[1]), Number(found[2])];
  } catch {
    return undefined;
  }
}

/** Lines of QEMU's log that one state takes, with room to spare. */
const linesOfState = 40;

/** Runs a program in QEMU, an independent implementation, and gives its state before each instruction, or the first `most`. */
export function traceInQemu(bytes: Uint8Array, most = 100_000): readonly TraceEntry[] {
  const folder = mkdtempSync(join(tmpdir(), "bnmc-qemu-"));
  try {
    const [file, log] = [join(folder, "program.bin"), join(folder, "trace.txt")];
    writeFileSync(file, bytes);
    const [major, minor] = qemuVersion()!;
    const oneByOne = major > 8 || (major === 8 && minor > 0) ? ["-accel", "tcg,one-insn-per-tb=on"] : ["-singlestep"];
    const machine = ["-machine", "virt", "-cpu", "rv32", "-bios", "none", "-display", "none", "-serial", "none", "-monitor", "none"];
    const pipe = join(folder, "pipe");
    const trace = ["-d", "cpu,nochain", "-D", pipe, "-device", `loader,file=${file},addr=${qemuRam},cpu-num=0`];
    // A log of everything may be gigabytes, and QEMU runs on when nobody reads it.
    const command = `mkfifo ${pipe}; ${[program, ...machine, ...oneByOne, ...trace].join(" ")} & head -n ${most * linesOfState} ${pipe} > ${log}; { kill -KILL $!; wait $!; } 2> /dev/null; true`;
    execFileSync("sh", ["-c", command], { timeout: 60_000 });
    return parse(readFileSync(log, "latin1")).slice(0, most);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function parse(log: string): readonly TraceEntry[] {
  return log
    .split(/^ V +=/m)
    .slice(1)
    .map((state) => {
      const pc = /^ pc +([0-9a-f]{8})/m.exec(state)![1]!;
      const registers = [...state.matchAll(/x(\d+)\/\w+ +([0-9a-f]{8})/g)].filter(
        ([, number]) => Number(number) > 0 && Number(number) < 16,
      );
      return [pc, ...registers.map(([, , value]) => value!)].map((text) => parseInt(text, 16) | 0);
    });
}
