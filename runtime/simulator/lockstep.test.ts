import * as fc from "fast-check";
import { expect, test } from "vitest";
import { compressedInstructions, decode, type Instruction, operations } from "#compiler/riscv/index.js";
import { createMachine, type Machine } from "./index.js";
import { difference, trace } from "./testing/lockstep.js";
import { imageOf, qingKeV2 } from "./testing/program.js";
import { qemuExit, qemuRam, qemuVersion, traceInQemu } from "./testing/qemu.js";
import { randomIsa, randomProgram, reach } from "./testing/random-program.js";

const codeBytes = 0x20000;
const dataAddress = qemuRam + codeBytes + reach;
const memoryBytes = codeBytes + 2 * reach;

/** The program with everything after it zero, as QEMU starts. */
function machineFor(source: string): Machine {
  const image = imageOf(source, qemuRam);
  const memories = [{ name: "ram", base: qemuRam, size: memoryBytes, writable: true, waitStates: 0 }];
  const stack = { bottom: qemuRam + codeBytes, top: qemuRam + memoryBytes };
  const machine = createMachine({ image, isa: randomIsa, memories, timing: qingKeV2, stack });
  const { bytes } = image.segments[0]!;
  machine.write(qemuRam + bytes.length, new Uint8Array(memoryBytes - bytes.length));
  return machine;
}

function mnemonicAt(machine: Machine, pc: number): string {
  const word = new DataView(machine.read(pc >>> 0, 4).buffer).getInt32(0, true);
  return (decode(word, randomIsa) as Instruction).encoding.name;
}

const installed = qemuVersion() !== undefined;
if (!installed) console.warn("qemu-system-riscv32 is not installed: the simulator is not compared with it");

test.skipIf(!installed)("random programs take the same course as in QEMU, register for register", () => {
  const programs = fc.array(randomProgram(dataAddress), { minLength: 1, maxLength: 60, size: "max" });
  const executed = new Set<string>();
  const property = fc.property(programs, (programs) => {
    const source = `${programs.map((program, i) => program.replaceAll("@", `${i}`)).join("\n")}\n${qemuExit}`;
    const machine = machineFor(source);
    const theirs = traceInQemu(machine.image.segments[0]!.bytes);
    expect(difference(trace(machine, theirs.length), theirs)).toBe("");
    for (const [pc] of theirs) executed.add(mnemonicAt(machine, pc!));
  });
  fc.assert(property, { numRuns: 8 });
  const never = [...operations, ...compressedInstructions].map(({ name }) => name).filter((name) => !executed.has(name));
  expect(never).toEqual(["ecall", "ebreak", "mret", "wfi", "c.ebreak"]);
});
