import { describe, expect, test } from "vitest";
import { Fault, type Interruptions } from "./index.js";
import { machineOf } from "./testing/program.js";

const always: Interruptions = { gap: () => 1, frame: 64 };
const stack = { bottom: 0x20000400, top: 0x20000800 };

/** Runs `main` with interrupts: its machine, and what came of it. */
function interrupted(body: string, interruptions: Interruptions = always) {
  const machine = machineOf(`main:\n${body}\n c.jr ra`, { stack });
  return { machine, ...machine.call("main", [1], { maxInstructions: 1000, interruptions }) };
}

const loop = "addi a1, zero, 9\n again:\n c.add a0, a0\n c.addi a1, -1\n c.bnez a1, again";

describe("interrupts", () => {
  test("come before every instruction and change neither results nor cycles of what is left to them", () => {
    const { machine, value, cycles, instructions } = interrupted(loop);
    expect(value).toBe(512);
    expect(machine.interrupts()).toBe(instructions);
    expect(cycles).toBe(machineOf(`main:\n${loop}\n c.jr ra`).call("main", [1]).cycles);
  });

  test("come at gaps that are asked for one by one", () => {
    const gaps = [3, 4, 1000];
    expect(interrupted(loop, { gap: () => gaps.shift()!, frame: 64 }).machine.interrupts()).toBe(3);
  });

  test("keep what lies above sp, and lose what lies below", () => {
    expect(interrupted("c.addi sp, -4\n c.swsp a0, 0(sp)\n addi a0, zero, 7\n c.lwsp a0, 0(sp)\n c.addi sp, 4").value).toBe(1);
    expect(interrupted("sw a0, -4(sp)\n addi a0, zero, 7\n lw a0, -4(sp)").value).not.toBe(1);
  });

  test("write over no more than the stack", () => {
    const { machine } = interrupted("lui t0, 0x20000\n addi t0, t0, 1024\n sw a0, -4(t0)\n sw a0, 4(t0)", { ...always, frame: 4096 });
    expect([...new Int32Array(machine.read(0x200003fc, 12).buffer)].map((word) => word === 1)).toEqual([true, false, false]);
  });

  test.each([
    ["sp holds data", "c.mv t0, sp\n addi sp, zero, 8\n c.mv sp, t0", "interrupted-without-stack", 6],
    ["sp is between words", "c.mv t0, sp\n addi sp, sp, -2\n c.mv sp, t0", "interrupted-without-stack", 6],
    ["gp holds data", "c.mv t0, gp\n addi gp, zero, 8\n c.mv gp, t0", "interrupted-without-globals", 6],
    ["tp holds data", "c.mv t0, tp\n addi tp, zero, 8\n c.mv tp, t0", "interrupted-without-thread", 6],
  ])("are faults where %s", (_, body, kind, address) => {
    expect(() => interrupted(body, { ...always, pointers: { gp: 0, tp: 0 } })).toThrow(expect.objectContaining({ kind, address }) as Fault);
  });
});
