import { describe, expect, test } from "vitest";
import { Fault, type FaultKind, type MachineOptions } from "./index.js";
import { machineOf } from "./testing/program.js";

/** Runs `main` and gives the fault it must end with. */
function faultOf(body: string, options?: Partial<MachineOptions>): Fault {
  const machine = machineOf(`c.nop\n main:\n${body}`, options);
  try {
    machine.call("main", [], { maxInstructions: 1000 });
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error("no fault");
}

const pointer = "lui a0, 0x20000";

/** The address that was accessed, and a part of the message. */
const cases: readonly (readonly [kind: FaultKind, body: string, address: number, message: string])[] = [
  [
    "misaligned-load",
    `${pointer}\n lw a1, 6(a0)`,
    0x20000006,
    "reads a word or half-word from 0x20000006, which is not aligned: lw a1, 6(a0) in main+0x4 (0x00000006)",
  ],
  ["misaligned-load", `${pointer}\n lhu a1, 7(a0)`, 0x20000007, "lhu a1, 7(a0)"],
  ["misaligned-load", "lui a0, 0x40021\n lw a1, 2(a0)", 0x40021002, "lw a1, 2(a0)"],
  ["misaligned-store", `${pointer}\n sh a1, 1(a0)`, 0x20000001, "which is not aligned: sh a1, 1(a0)"],
  ["unmapped-load", "lui a0, 0x30000\n c.lw a1, 4(a0)", 0x30000004, "reads from 0x30000004, where the chip has nothing: c.lw a1, 4(a0)"],
  ["unmapped-load", `${pointer}\n lb a1, -1(a0)`, 0x1fffffff, "where the chip has nothing"],
  ["unmapped-store", `lui a0, 0x20001\n sw a1, -2048(a0)`, 0x20000800, "writes to 0x20000800, where the chip has nothing"],
  ["write-to-flash", "sb zero, 16(zero)", 16, "writes to 0x10, which is flash: sb zero, 16(zero) in main"],
  ["write-to-flash", "lui a0, 0x08000\n c.sw a0, 0(a0)", 0x08000000, "writes to 0x8000000, which is flash"],
  ["illegal-instruction", "c.nop\n .half 0", 4, "runs into 0x4, which holds no instruction of this core: .half 0x0000 in main+0x2"],
  ["illegal-instruction", "mul a0, a0, a1", 2, "no instruction of this core"],
  ["illegal-instruction", "csrrs a0, 0x123, zero", 2, "no instruction of this core: csrrs a0, 291, zero"],
  ["illegal-instruction", "csrrwi a0, 0x1f00b", 2, "no instruction of this core"],
  ["register-above-x15", "add x16, x0, x1", 2, "uses a register above x15 at 0x2"],
  ["unmapped-fetch", "lui a0, 0x12345\n c.jr a0", 0x12345000, "jumps to 0x12345000, where the chip has no code: c.jr a0 in main+0x4"],
  ["unmapped-fetch", "jal zero, -64", 0xffffffc0, "jumps to 0xffffffc0, where the chip has no code: jal zero, 0xffffffc0 in main"],
  [
    "stack-overflow",
    "c.addi16sp sp, -256\n c.j main",
    0x1fffff00,
    "lets the stack grow down to 0x1fffff00, into the static data: c.addi16sp sp, -256 in main (0x00000002)",
  ],
  ["stack-overflow", "lui a0, 1\n sub sp, sp, a0", 0x1ffff800, "sub sp, sp, a0"],
  ["runaway", "c.nop\n c.j main", 2, "was still running at 0x2 when its instructions were used up"],
];

test.each(cases)("%s: %s", (kind, body, address, message) => {
  const fault = faultOf(body);
  expect(fault.kind).toBe(kind);
  expect(fault.address >>> 0).toBe(address);
  expect(fault.message).toContain(message);
  expect(fault.remedy).not.toBe("");
});

test("without compressed instructions a jump between words is no code", () => {
  const isa = { embedded: true, compressed: false, multiply: "none" } as const;
  const machine = machineOf("jal zero, 6\n addi a0, a0, 1", { isa });
  expect(() => machine.run()).toThrow(/no instruction of this core/);
});

test("code that runs off the end of a memory jumps nowhere", () => {
  const machine = machineOf("c.nop\n c.nop", { address: 0x3ffc });
  expect(() => machine.run()).toThrow(/jumps to 0x4000, where the chip has no code/);
});

describe("the report", () => {
  const inner = "c.addi sp, -4\n c.swsp ra, 0(sp)\n c.jal innermost\n ebreak";
  const fault = faultOf(`c.jal inner\n ebreak\n inner:\n ${inner}\n innermost:\n addi a0, zero, 3\n lw a1, 0(a0)`);

  test("shows registers, time and who called", () => {
    expect(fault.context).toMatchObject({
      location: "innermost+0x4 (0x00000016)",
      backtrace: ["inner+0x6 (0x0000000e)", "main+0x2 (0x00000004)"],
    });
    expect(fault.report().split("\n")).toMatchInlineSnapshot(`
      [
        "the firmware reads a word or half-word from 0x3, which is not aligned: lw a1, 0(a0) in innermost+0x4 (0x00000016)",
        "  at pc 0x00000016, cycle 17",
        "  called from inner+0x6 (0x0000000e)",
        "  called from main+0x2 (0x00000004)",
        " zero 0x00000000    ra 0x0000000e    sp 0x200007fc    gp 0x00000000",
        "   tp 0x00000000    t0 0x00000000    t1 0x00000000    t2 0x00000000",
        "   s0 0x00000000    s1 0x00000000    a0 0x00000003    a1 0x00000000",
        "   a2 0x00000000    a3 0x00000000    a4 0x00000000    a5 0x00000000",
      ]
    `);
  });

  test("the machine stays where the fault was", () => {
    const machine = machineOf("c.nop\n lw a1, 1(zero)");
    expect(() => machine.run()).toThrow(Fault);
    expect(machine.pc()).toBe(2);
    expect(machine.instructions()).toBe(2);
  });
});

describe("the stack pointer as a data register", () => {
  test("may take any value that was not made by moving the stack", () => {
    const machine = machineOf(
      `main:
      c.mv t0, sp
      lui sp, 0x20000
      c.addi16sp sp, 64
      c.addi16sp sp, -64
      c.addi16sp sp, -128
      addi sp, zero, 3
      c.add sp, sp
      c.mv a0, sp
      c.mv sp, t0
      c.jr ra`,
      { stack: { bottom: 0x20000400, top: 0x20000800 } },
    );
    expect(machine.call("main").value).toBe(6);
    expect(machine.stackUsed()).toBe(0);
  });
});
