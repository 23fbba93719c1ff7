import { describe, expect, test } from "vitest";
import { flash, machineOf, ram } from "./testing/program.js";

/**
 * Each measured fact about the cycles of a QingKe V2 core. The chips were measured with loops, so that is how these
 * are: cycles of one turn of `start: body; c.addi a0, -1; c.bnez a0, start`, with the loop's start at `address`.
 */
function turn(body: string, address: number, waitStates = 1): number {
  const turns = 100;
  const machine = machineOf(`start:\n${body}\n c.addi a0, -1\n c.bnez a0, start\n ebreak`, { address, memories: [flash(waitStates), ram] });
  const run = (count: number): number => {
    machine.reset();
    machine.registers[10] = count;
    machine.registers[12] = 0x20000700;
    machine.run();
    return machine.cycles();
  };
  return (run(2 * turns) - run(turns)) / turns;
}

const times = (count: number, text: string): string => Array.from({ length: count }, () => text).join("\n");
const wide = "addi zero, zero, 0";
const [inFlash, inRam] = [0x100, 0x20000100];

describe("code in SRAM", () => {
  test.each(Array.from({ length: 12 }, (_, n) => n))("a loop around %i c.nop takes 4 more", (n) => {
    expect(turn(times(n, "c.nop"), inRam)).toBe(4 + n);
    expect(turn(times(n, "c.nop"), inRam + 2)).toBe(4 + n);
  });

  test("a 32-bit instruction takes one cycle too", () => {
    expect(turn(times(10, wide), inRam)).toBe(4 + 10);
  });

  test("a jump to a 32-bit instruction that straddles two words takes one more", () => {
    expect(turn(times(10, wide), inRam + 2)).toBe(4 + 10 + 1);
  });

  test("loads and stores take two", () => {
    for (const text of ["c.lw a1, 0(a2)", "lw a1, 0(a2)", "c.sw a1, 0(a2)", "sb a1, 1(a2)", "lhu a1, 2(a2)"]) {
      expect(turn(times(10, text), inRam), text).toBe(4 + 20);
    }
  });

  test("a branch that is not taken takes one", () => {
    expect(turn(times(5, "c.beqz a0, start"), inRam)).toBe(4 + 5);
  });

  test("jumps, calls and returns take three", () => {
    expect(turn("c.j over\n over:", inRam)).toBe(4 + 3);
    expect(turn("c.jal over\n c.j out\n over:\n c.jr ra\n out:", inRam)).toBe(4 + 3 + 3 + 3);
  });
});

describe("code in flash with one wait state, over the empty loop's six", () => {
  const over = (body: string): number => turn(body, inFlash) - 6;

  test("the empty loop takes six", () => expect(turn("", inFlash)).toBe(6));

  test.each([
    ["10 c.nop", times(10, "c.nop"), 10],
    ["10 nop", times(10, wide), 20],
    ["c.nop and nop by turns", times(5, `c.nop\n${wide}`), 16],
    ["10 c.lw", times(10, "c.lw a1, 0(a2)"), 20],
    ["10 c.sw", times(10, "c.sw a1, 0(a2)"), 20],
    ["10 lw", times(10, "lw a1, 0(a2)"), 20],
    ["1 c.nop, 9 nop", `c.nop\n${times(9, wide)}`, 20],
    ["2 c.nop, 8 nop", `${times(2, "c.nop")}\n${times(8, wide)}`, 18],
    ["3 c.nop, 7 nop", `${times(3, "c.nop")}\n${times(7, wide)}`, 18],
    ["5 c.nop, 5 nop", `${times(5, "c.nop")}\n${times(5, wide)}`, 16],
    ["c.nop, 8 nop, c.nop", `c.nop\n${times(8, wide)}\nc.nop`, 18],
    ["nop, c.nop, c.nop by turns", `${times(3, `${wide}\nc.nop\nc.nop`)}\n${wide}`, 14],
    ["9 c.nop, 1 nop", `${times(9, "c.nop")}\n${wide}`, 12],
    ["8 c.nop, 1 nop, c.nop", `${times(8, "c.nop")}\n${wide}\nc.nop`, 12],
  ])("%s", (_, body, cycles) => expect(over(body)).toBe(cycles));

  test("an odd c.nop hides behind the slot of the flash: 0 and 1, 2 and 3 take the same", () => {
    expect([0, 1, 2, 3, 4, 5].map((n) => turn(times(n, "c.nop"), inFlash))).toEqual([6, 6, 8, 8, 10, 10]);
  });

  test("a taken branch takes 5 from the second half of a line, 4 from the first, one more to the middle of a line", () => {
    const branch = (n: number, address: number): number => turn(times(n, "c.nop"), address) - n - 1;
    expect([branch(2, inFlash), branch(3, inFlash)]).toEqual([5, 4]);
    expect([branch(1, inFlash + 2), branch(2, inFlash + 2)]).toEqual([6, 5]);
  });

  test("a 2-cycle instruction swaps the two", () => {
    expect(turn("c.lw a1, 0(a2)", inFlash) - 3).toBe(5);
    expect(turn("c.lw a1, 0(a2)\n c.nop", inFlash) - 4).toBe(4);
  });

  test("data from flash take the wait state on top", () => {
    const program = (address: string) => `lui a2, ${address}\n lw a1, 0(a2)\n ebreak`;
    const cycles = (address: string, waits: number): number => {
      const machine = machineOf(program(address), { address: 0x20000100, memories: [flash(waits), ram] });
      machine.run();
      return machine.cycles();
    };
    expect([1, 2].map((waits) => cycles("0", waits) - cycles("0x20000", waits))).toEqual([1, 2]);
  });
});

describe("other wait states", () => {
  test("none: like SRAM", () => {
    expect([0, 1, 7].map((n) => turn(times(n, "c.nop"), inFlash, 0))).toEqual([4, 5, 11]);
    expect(turn(times(10, wide), inFlash, 0)).toBe(14);
  });

  test("two, as in a ch32v002: a line every three cycles", () => {
    const perLine = (line: string, count: number): number =>
      (turn(times(3 * count, line), inFlash, 2) - turn(times(count, line), inFlash, 2)) / (2 * count);
    expect(perLine(wide, 8)).toBe(3);
    expect(perLine("c.nop\nc.nop", 8)).toBe(3);
    expect(perLine("c.lw a1, 0(a2)\nc.lw a1, 0(a2)", 6)).toBe(4);
  });

  test("three, which the ch32v003 has too: 10 c.nop 21, 10 nop 41 over the empty loop's", () => {
    const over = (body: string): number => turn(body, inFlash, 3) - turn("", inFlash, 3);
    expect(Math.abs(over(times(10, "c.nop")) - 21)).toBeLessThanOrEqual(1);
    expect(Math.abs(over(times(10, wide)) - 41)).toBeLessThanOrEqual(1);
  });
});
