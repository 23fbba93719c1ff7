import { describe, expect, test } from "vitest";
import { compressedInstructions, operations } from "#compiler/riscv/index.js";
import type { Isa } from "./index.js";
import { machineOf } from "./testing/program.js";

const rv32em: Isa = { embedded: true, compressed: true, multiply: "M" };
const [lowest, highest] = [-0x80000000, 0x7fffffff];

/** Instruction, the values of a0 and a1 before it, and a0 (or what is named) after it. */
type Case = readonly [text: string, a0: number, a1: number, result: number];

const values: readonly Case[] = [
  ["addi a0, a1, -2048", 0, 2047, -1],
  ["addi a0, a1, 2047", 0, highest, lowest + 2046],
  ["slti a0, a1, -1", 0, -2, 1],
  ["slti a0, a1, -1", 0, -1, 0],
  ["sltiu a0, a1, -1", 0, -2, 1],
  ["sltiu a0, a1, -1", 0, -1, 0],
  ["sltiu a0, a1, 1", 9, 0, 1],
  ["xori a0, a1, -1", 0, 0x0f0f0f0f, ~0x0f0f0f0f],
  ["ori a0, a1, -2048", 0, 1, -2047],
  ["andi a0, a1, -2048", 0, -1, -2048],
  ["slli a0, a1, 31", 0, 3, lowest],
  ["slli a0, a1, 0", 0, 5, 5],
  ["srli a0, a1, 31", 0, lowest, 1],
  ["srli a0, a1, 1", 0, -1, highest],
  ["srai a0, a1, 31", 0, lowest, -1],
  ["srai a0, a1, 4", 0, -17, -2],
  ["lui a0, 0x80000", 0, 0, lowest],
  ["lui a0, 0xfffff", 0, 0, -4096],
  ["auipc a0, 0xfffff", 0, 0, -4096 + 0x100],
  ["add a0, a0, a1", highest, 1, lowest],
  ["sub a0, a0, a1", lowest, 1, highest],
  ["sll a0, a0, a1", 1, 33, 2],
  ["slt a0, a0, a1", lowest, highest, 1],
  ["slt a0, a0, a1", 5, 5, 0],
  ["sltu a0, a0, a1", lowest, highest, 0],
  ["sltu a0, a0, a1", 0, -1, 1],
  ["xor a0, a0, a1", -1, 0x12345678, ~0x12345678],
  ["srl a0, a0, a1", lowest, 63, 1],
  ["sra a0, a0, a1", lowest, 63, -1],
  ["or a0, a0, a1", 0x0ff0, 0xf00f, 0xffff],
  ["and a0, a0, a1", 0x0ff0, 0xff00, 0x0f00],
  ["fence", 7, 0, 7],
  ["fence.i", 7, 0, 7],
  ["mul a0, a0, a1", 0x12345, 0x54321, Math.imul(0x12345, 0x54321)],
  ["mul a0, a0, a1", lowest, -1, lowest],
  ["mulh a0, a0, a1", lowest, lowest, 0x40000000],
  ["mulh a0, a0, a1", lowest, -1, 0],
  ["mulh a0, a0, a1", -1, 1, -1],
  ["mulh a0, a0, a1", highest, highest, 0x3fffffff],
  ["mulhsu a0, a0, a1", -1, -1, -1],
  ["mulhsu a0, a0, a1", lowest, -1, lowest],
  ["mulhsu a0, a0, a1", highest, -1, 0x7ffffffe],
  ["mulhu a0, a0, a1", -1, -1, -2],
  ["mulhu a0, a0, a1", lowest, 2, 1],
  ["div a0, a0, a1", -7, 2, -3],
  ["div a0, a0, a1", 7, 0, -1],
  ["div a0, a0, a1", lowest, -1, lowest],
  ["divu a0, a0, a1", -1, 2, highest],
  ["divu a0, a0, a1", 5, 0, -1],
  ["rem a0, a0, a1", -7, 2, -1],
  ["rem a0, a0, a1", -7, 0, -7],
  ["rem a0, a0, a1", lowest, -1, 0],
  ["remu a0, a0, a1", -1, 10, 5],
  ["remu a0, a0, a1", -5, 0, -5],
  ["c.nop", 4, 0, 4],
  ["c.addi a0, -32", 0, 0, -32],
  ["c.addi a0, 31", 1, 0, 32],
  ["c.li a0, -32", 5, 0, -32],
  ["c.lui a0, 0xfffe0", 0, 0, -32 << 12],
  ["c.lui a0, 0x1f", 0, 0, 31 << 12],
  ["c.srli a0, 31", -1, 0, 1],
  ["c.srai a0, 1", -2, 0, -1],
  ["c.slli a0, 31", 1, 0, lowest],
  ["c.andi a0, -32", 0xff, 0, 0xe0],
  ["c.sub a0, a1", 3, 5, -2],
  ["c.xor a0, a1", 3, 5, 6],
  ["c.or a0, a1", 3, 5, 7],
  ["c.and a0, a1", 3, 5, 1],
  ["c.mv a0, a1", 3, 5, 5],
  ["c.add a0, a1", highest, highest, -2],
  ["csrrw a0, 0x340, a1", 1, 5, 0],
  ["csrrs a0, 0xf14, zero", 1, 0, 0],
];

/** With a word 0x8899aabb at `data`, whose address is in a1 and sp. */
const accesses: readonly (readonly [text: string, a0: number, a0After: number, wordAfter: number])[] = [
  ["lb a0, 0(a1)", 0, 0xbb - 256, 0x8899aabb],
  ["lb a0, 3(a1)", 0, 0x88 - 256, 0x8899aabb],
  ["lbu a0, 1(a1)", 0, 0xaa, 0x8899aabb],
  ["lh a0, 0(a1)", 0, 0xaabb - 65536, 0x8899aabb],
  ["lhu a0, 2(a1)", 0, 0x8899, 0x8899aabb],
  ["lw a0, 0(a1)", 0, 0x8899aabb | 0, 0x8899aabb],
  ["c.lw a0, 0(a1)", 0, 0x8899aabb | 0, 0x8899aabb],
  ["c.lwsp a0, 0(sp)", 0, 0x8899aabb | 0, 0x8899aabb],
  ["sb a0, 1(a1)", 0x77, 0x77, 0x889977bb],
  ["sb a0, 3(a1)", 0x177, 0x177, 0x7799aabb],
  ["sh a0, 2(a1)", -1, -1, 0xffffaabb],
  ["sw a0, 0(a1)", 5, 5, 5],
  ["c.sw a0, 0(a1)", 5, 5, 5],
  ["c.swsp a0, 0(sp)", 6, 6, 6],
];

/** Branches between a0 and a1; whether they are taken. */
const branches: readonly (readonly [name: string, a0: number, a1: number, taken: boolean])[] = [
  ["beq", 5, 5, true],
  ["beq", 5, 6, false],
  ["bne", 5, 6, true],
  ["bne", -1, -1, false],
  ["blt", lowest, highest, true],
  ["blt", 1, 1, false],
  ["bge", 1, 1, true],
  ["bge", lowest, highest, false],
  ["bltu", lowest, highest, false],
  ["bltu", 0, -1, true],
  ["bgeu", lowest, highest, true],
  ["bgeu", 0, -1, false],
];

const stop = "\n ebreak";
const data = 0x20000010;
const run = (text: string, a0: number, a1: number) => {
  const machine = machineOf(text + stop, { isa: rv32em, address: 0x100 });
  machine.registers[10] = a0;
  machine.registers[11] = a1;
  machine.registers[2] = a1;
  expect(machine.run({ maxInstructions: 100 })).toBe("breakpoint");
  return machine;
};

test.each(values)("%s with a0 = %i, a1 = %i gives %i", (text, a0, a1, result) => {
  expect(run(text, a0, a1).registers[10]).toBe(result);
});

test.each(accesses)("%s", (text, a0, after, word) => {
  const machine = machineOf(text + stop, { isa: rv32em });
  machine.registers.set([a0, data], 10);
  machine.registers[2] = data;
  machine.write(data, Uint8Array.of(0xbb, 0xaa, 0x99, 0x88));
  machine.run();
  expect(machine.registers[10]).toBe(after);
  expect(new DataView(machine.read(data, 4).buffer).getUint32(0, true)).toBe(word);
});

test.each(branches)("%s with %i and %i: %s", (name, a0, a1, taken) => {
  const machine = run(`${name} a0, a1, over\n li:\n addi a2, zero, 1\n ebreak\n over:\n addi a2, zero, 2`, a0, a1);
  expect(machine.registers[12]).toBe(taken ? 2 : 1);
});

describe("jumps", () => {
  test.each([
    ["jal ra, over", 4],
    ["c.jal over", 2],
    ["jalr ra, 0(a0)", 4],
    ["c.jalr a0", 2],
    ["jalr a0, 1(a0)", 4], // bit zero of the target is cleared, and the target is read before the link is written
  ])("%s links to the next instruction", (text, bytes) => {
    const machine = run(`${text}\n ebreak\n c.nop\n c.nop\n over:\n addi a2, zero, 2`, bytes === 4 ? 0x10c : 0x10a, 0);
    expect(machine.registers[12]).toBe(2);
    expect(machine.registers[text.startsWith("jalr a0") ? 10 : 1]).toBe(0x100 + bytes);
  });

  test.each(["jal zero, over", "c.j over", "c.beqz a1, over", "c.bnez a0, over", "c.jr a0", "jalr zero, 0(a0)"])("%s", (text) => {
    const machine = run(`${text}\n c.nop; c.nop; ebreak\n over:\n addi a2, zero, 2`, text.startsWith("c.") ? 0x10a : 0x10c, 0);
    expect(machine.registers[12]).toBe(2);
  });

  test("c.beqz and c.bnez fall through", () => {
    expect(run("c.beqz a0, over\n c.bnez a1, over\n addi a2, zero, 1\n ebreak\n over:\n addi a2, zero, 2", 1, 0).registers[12]).toBe(1);
  });
});

describe("the stack pointer's own instructions", () => {
  test("c.addi16sp and c.addi4spn", () => {
    const machine = run("c.addi16sp sp, -512\n c.addi16sp sp, 496\n c.addi4spn a0, sp, 1020", 0, 0x20000400);
    expect(machine.registers[2]).toBe(0x200003f0);
    expect(machine.registers[10]).toBe(0x200003f0 + 1020);
  });
});

describe("control and status registers", () => {
  test("set, clear, swap, with registers and with numbers", () => {
    const immediates = "csrrwi zero, 0x1f340\n csrrsi a2, 0x06340\n csrrci a3, 0x1340";
    const machine = run(`${immediates}\n csrrs a4, 832, a0\n csrrc a5, 832, a1\n csrrw a0, 832, zero`, 0x100, 0x6);
    expect(Array.from(machine.registers.slice(10, 16))).toEqual([0x118, 0x6, 31, 31, 30, 0x11e]);
  });

  test("counters count, and reading them does not write", () => {
    const machine = run("csrrs a0, 2816, zero\n csrrs a1, 2818, zero\n csrrs a2, 3072, zero", 0, 0);
    expect(machine.registers[11]).toBe(1);
    expect(machine.registers[12]! - machine.registers[10]!).toBe(4);
  });

  test("mret returns to mepc", () => {
    expect(run("csrrw zero, 833, a0\n mret\n ebreak\n addi a2, zero, 3", 0x10c, 0).registers[12]).toBe(3);
  });
});

test("x0 stays zero", () => {
  expect(run("addi x0, a0, 5\n lw x0, 0(a1)\n jal x0, over\n over:\n add a0, x0, x0", 7, data).registers[10]).toBe(0);
});

test("every instruction has a case", () => {
  const tested = new Set([...values, ...accesses, ...branches].map(([text]) => text.split(" ")[0]));
  const elsewhere = ["jal", "jalr", "c.jal", "c.jalr", "c.j", "c.jr", "c.beqz", "c.bnez", "c.addi16sp", "c.addi4spn"];
  const systems = ["ecall", "ebreak", "c.ebreak", "mret", "wfi", "csrrc", "csrrwi", "csrrsi", "csrrci"];
  const missing = [...operations, ...compressedInstructions].map(({ name }) => name).filter((name) => !tested.has(name));
  expect(missing.toSorted()).toEqual([...elsewhere, ...systems].toSorted());
});
