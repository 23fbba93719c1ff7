import { describe, expect, test } from "vitest";
import { disassemble, symbolAddress } from "./index.js";
import { assemble } from "#compiler/riscv/testing/assemble.js";
import { machineOf, rv32ec } from "./testing/program.js";

describe("running", () => {
  const program = "start:\n addi a0, zero, 1\n again:\n addi a0, a0, 1\n c.j again";

  test("stops when the instructions are used up, and goes on from there", () => {
    const machine = machineOf(program);
    expect(machine.run({ maxInstructions: 1 })).toBe("budget");
    expect([machine.pc(), machine.instructions()]).toEqual([4, 1]);
    machine.run({ maxInstructions: 2000 });
    expect([machine.registers[10], machine.instructions()]).toEqual([1001, 2001]);
  });

  test("takes the same time in one run and in single steps", () => {
    const [whole, steps] = [machineOf(program), machineOf(program)];
    whole.run({ maxInstructions: 500 });
    for (let i = 0; i < 500; i++) steps.run({ maxInstructions: 1 });
    expect(steps.cycles()).toBe(whole.cycles());
  });

  test("stops before an address, once for every run", () => {
    const machine = machineOf(program);
    const again = symbolAddress(machine.image, "again")!;
    expect(machine.run({ until: again })).toBe("until");
    expect([machine.pc(), machine.registers[10]]).toEqual([again, 1]);
    machine.run({ maxInstructions: 1 });
    expect(machine.run({ until: again })).toBe("until");
    expect(machine.registers[10]).toBe(2);
  });

  test.each([
    ["c.ebreak", "breakpoint"],
    ["ebreak", "breakpoint"],
    ["ecall", "environment-call"],
    ["wfi", "wait"],
    ["here:\n c.j here", "idle"],
  ] as const)("%s stops it: %s", (text, reason) => {
    const machine = machineOf(`c.nop\n${text}`);
    expect(machine.run()).toBe(reason);
    expect([machine.pc(), machine.instructions()]).toEqual([2, 1]);
  });

  test("runs longer than one count of 32 bits of cycles could be trusted with", () => {
    const machine = machineOf(program);
    expect(machine.run({ maxInstructions: 4e7 })).toBe("budget");
    expect(machine.instructions()).toBe(4e7);
    expect(machine.cycles()).toBeGreaterThan(1e8);
  });
});

describe("calling", () => {
  test("passes parameters and gives a0, the cycles and the instructions", () => {
    const machine = machineOf("c.nop\n sum:\n c.add a0, a1\n c.add a0, a2\n c.jr ra");
    expect(machine.call("sum", [1, 2, -10])).toMatchObject({ value: -7, instructions: 3 });
  });

  test("takes the same time every time", () => {
    const machine = machineOf("f:\n c.nop\n c.addi a0, -1\n c.bnez a0, f\n c.jr ra");
    expect(machine.call("f", [50]).cycles).toBe(machine.call("f", [50]).cycles);
  });

  test("says which function is missing, and which does not return", () => {
    const machine = machineOf("f:\n c.ebreak");
    expect(() => machine.call("g")).toThrow("the image has no function g");
    expect(() => machine.call("f")).toThrow("f did not return: it stopped with breakpoint");
  });

  test("between flash and RAM", () => {
    const [begin, end] = ["c.addi sp, -4\n c.swsp ra, 0(sp)", "c.lwsp ra, 0(sp)\n c.addi sp, 4\n c.jr ra"];
    const machine = machineOf(`f:\n ${begin}\n lui t0, 0x20000\n jalr ra, 256(t0)\n ${end}`);
    machine.write(0x20000100, assemble("c.addi a0, 5\n c.jr ra", 0x20000100));
    expect(machine.call("f", [1]).value).toBe(6);
    expect(machine.stackUsed()).toBe(4);
  });
});

describe("code that is written while it runs", () => {
  const store = (bytes: number, width: "sb" | "sh" | "sw", word: number): string => `
    lui t0, 0x20000
    lui t1, ${(word + 0x800) >>> 12}
    addi t1, t1, ${(word << 20) >> 20}
    ${width} t1, ${bytes}(t0)`;

  test.each([
    ["a word", "sw", 0, 0x80824515], // c.li a0, 5; c.jr ra
    ["a half-word", "sh", 0, 0x4515],
    ["a byte", "sb", 0, 0x15],
  ] as const)("is decoded again after %s", (_, width, offset, word) => {
    const machine = machineOf(`rewrite:\n ${store(offset, width, word)}\n c.jr ra`);
    machine.write(0x20000000, assemble("c.li a0, 3\n c.jr ra", 0x20000000));
    expect(machine.call(0x20000000).value).toBe(3);
    machine.call("rewrite");
    expect(machine.call(0x20000000).value).toBe(5);
  });

  test("also when only the second half of an instruction changes", () => {
    const machine = machineOf(`rewrite:\n ${store(4, "sh", 0x0050)}\n c.jr ra`);
    machine.write(0x20000000, assemble("c.nop\n addi a0, zero, 3\n c.jr ra", 0x20000000));
    expect(machine.call(0x20000000).value).toBe(3);
    machine.call("rewrite");
    expect(machine.call(0x20000000).value).toBe(5);
  });

  test("in a loop that changes its own body", () => {
    // Each turn rewrites `c.li a1, n` to the next n and adds a1 to a0.
    const body = `
      c.li a2, 5
      lui t0, 0x20000
      again:
      c.li a1, 0
      c.add a0, a1
      lhu t1, 6(t0)
      addi t1, t1, 4
      sh t1, 6(t0)
      c.addi a2, -1
      c.bnez a2, again
      c.jr ra`;
    const machine = machineOf("c.nop");
    machine.write(0x20000000, assemble(body, 0x20000000));
    expect(machine.call(0x20000000, [0]).value).toBe(0 + 1 + 2 + 3 + 4);
  });
});

describe("memory and peripherals", () => {
  test("flash is also where its alias is, for data and for code", () => {
    const machine = machineOf("lui a0, 0x08000\n lw a1, 0(a0)\n lw a2, 0(zero)\n c.jr a0\n ebreak");
    machine.run({ maxInstructions: 4 });
    expect(machine.registers[11]).toBe(machine.registers[12]);
    expect(machine.pc()).toBe(0x08000000);
    expect(machine.run({ maxInstructions: 2 })).toBe("budget");
    expect(machine.pc()).toBe(0x08000008);
  });

  test("RAM holds noise after a reset, and reading it is a copy", () => {
    const machine = machineOf("c.ebreak");
    machine.reset();
    expect(machine.read(0x20000000, 2)).toEqual(Uint8Array.of(0xa5, 0xa5));
    machine.read(0x20000000, 2).fill(0);
    expect(machine.read(0x20000000, 1)).toEqual(Uint8Array.of(0xa5));
    expect(() => machine.read(0x200007ff, 2)).toThrow("the target has no memory from 0x200007ff to 0x20000801");
  });

  test("the serial port is always ready, and bytes stored to its data register are printed", () => {
    const print = Array.from(new TextEncoder().encode("hé"), (byte) => `addi a1, zero, ${byte}\n sb a1, -2044(a0)`);
    const machine = machineOf(`lui a0, 0x40014\n lw a2, -2048(a0)\n ${print.join("\n")}\n ebreak`);
    machine.run();
    expect(machine.registers[12]! & 0xc0).toBe(0xc0);
    expect(machine.output()).toBe("hé");
  });

  test("SysTick counts cycles, or one in eight, when it is on", () => {
    const program = (mode: number) => `
      lui a0, 0xe000f
      addi a1, zero, ${mode}
      c.lw a2, 8(a0)
      c.sw a1, 0(a0)
      c.lw a3, 8(a0)
      c.lw a4, 8(a0)
      ebreak`;
    const count = (mode: number): readonly number[] => {
      const machine = machineOf(program(mode), { address: 0x20000100 });
      machine.run();
      return Array.from(machine.registers.slice(12, 15));
    };
    expect(count(0)).toEqual([0, 0, 0]);
    expect(count(5)).toEqual([0, 2, 4]);
    expect(count(1)).toEqual([0, 0, 0]);
  });

  test("oscillators and the clock switch are ready at once", () => {
    const machine = machineOf(`lui a0, 0x40021
      lui a1, 0x01000
      c.sw a1, 0(a0)
      c.li a2, 2
      c.sw a2, 4(a0)
      c.lw a3, 0(a0)
      c.lw a4, 4(a0)
      ebreak`);
    machine.run();
    expect([machine.registers[13], machine.registers[14]]).toEqual([0x03000000, 0b1010]);
  });

  test("memories that cannot be are refused", () => {
    const wrong = (base: number, size: number) => () =>
      machineOf("c.nop", { memories: [{ name: "ram", base, size, writable: true, waitStates: 0 }] });
    expect(wrong(0x1000, 16)).toThrow("must start on a 16 MiB boundary");
    expect(wrong(0, 15)).toThrow("it needs a multiple of four");
    expect(wrong(0x20000000, 16)).toThrow("the target has no memory from 0x0");
  });
});

test("the whole machine agrees with its disassembly", () => {
  const machine = machineOf("start:\n addi a0, zero, 1\n c.beqz a0, start");
  const words = new DataView(machine.read(0, 8).buffer);
  expect(disassemble(words.getUint32(4, true), 4, rv32ec)).toBe("c.beqz a0, 0x0");
});
