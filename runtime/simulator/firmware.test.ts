import { describe, expect, test } from "vitest";
import { createMachine, type Machine, symbolAddress } from "./index.js";
import { buildFirmware, canCompile } from "./testing/firmware.js";
import { flash, qingKeV2, ram, rv32ec } from "./testing/program.js";

const installed = canCompile();
if (!installed) console.warn("riscv64-unknown-elf-gcc is not installed: no C program is run in the simulator");

/** What the firmware computes. */
function expected(seed: number): { readonly sorted: readonly number[]; readonly products: readonly number[] } {
  let state = seed;
  const values = Array.from({ length: 64 }, () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0));
  const sorted = values.toSorted((a, b) => a - b);
  const sum = sorted.reduce((total, value) => total + (value >>> 16), 0);
  return { sorted, products: Array.from({ length: 8 }, (_, i) => Math.imul(sum, i + 1) >>> 0) };
}

const callsOfDepth = (n: number): number => (n < 2 ? 1 : 1 + callsOfDepth(n - 1) + callsOfDepth(n - 2));

const words = (machine: Machine, symbol: string, count: number): readonly number[] => {
  const { buffer } = machine.read(symbolAddress(machine.image, symbol)!, 4 * count);
  return Array.from(new Uint32Array(buffer));
};

describe.skipIf(!installed)("firmware compiled from C", () => {
  const options = { isa: rv32ec, memories: [flash(1), ram], timing: qingKeV2 };
  const image = installed ? buildFirmware() : undefined!;

  test("runs from reset to its last loop, with the results of the host", () => {
    const machine = createMachine({ ...options, image });
    expect(machine.run({ until: symbolAddress(image, "main")! })).toBe("until");
    expect(words(machine, "calls", 1)).toEqual([1000]);
    expect(machine.run()).toBe("idle");
    expect(machine.output()).toBe("done\n");
    expect(words(machine, "sorted", 64)).toEqual(expected(42).sorted);
    expect(words(machine, "products", 8)).toEqual(expected(42).products);
    expect(words(machine, "made", 2)).toEqual([7, 11]);
    expect(words(machine, "calls", 1)).toEqual([1000 + callsOfDepth(9)]);
  });

  test("functions can be called without start-up code, again and again", () => {
    const machine = createMachine({ ...options, image });
    machine.initialize();
    for (const seed of [1, 2, 3]) {
      const { value, cycles, instructions } = machine.call("work", [seed]);
      expect(value).toBe(9);
      expect(words(machine, "sorted", 64)).toEqual(expected(seed).sorted);
      expect(cycles / instructions).toBeGreaterThan(1);
      expect(cycles / instructions).toBeLessThan(4);
    }
  });

  test("the profile adds up, and knows calls and recursion", () => {
    const machine = createMachine({ ...options, image });
    machine.initialize();
    machine.forget();
    const { cycles } = machine.call("work", [42]);
    const profile = new Map(machine.profile().map((entry) => [entry.name, entry]));
    const total = [...profile.values()].reduce((sum, { exclusive }) => sum + exclusive, 0);
    expect(total).toBe(cycles);
    expect(profile.get("work")).toMatchObject({ calls: 1, inclusive: cycles });
    expect(profile.get("depth")!.calls).toBe(callsOfDepth(9));
    expect(profile.get("depth")).toMatchObject({ inclusive: profile.get("depth")!.exclusive });
    // 64 products in each of 8 turns, and one for each random number.
    expect(profile.get("__mulsi3")!.calls).toBe(8 * 64 + 64);
    expect(profile.get("weigh")!.inclusive).toBeGreaterThan(profile.get("weigh")!.exclusive);
  });

  test("SysTick counts the cycles that the machine counts", () => {
    const machine = createMachine({ ...options, image });
    machine.run();
    const work = machine.profile().find(({ name }) => name === "work")!;
    const [ticks] = words(machine, "ticks", 1);
    expect(ticks).toBeGreaterThan(work.inclusive);
    expect(ticks! - work.inclusive).toBeLessThan(30);
  });

  test("the stack mark is that of the deepest calls", () => {
    const machine = createMachine({ ...options, image });
    machine.initialize();
    machine.call("depth", [1]);
    const shallow = machine.stackUsed();
    machine.call("depth", [9]);
    const perCall = (machine.stackUsed() - shallow) / 8;
    expect(perCall).toBeGreaterThanOrEqual(12);
    expect(perCall).toBeLessThanOrEqual(32);
    machine.forget();
    expect(machine.stackUsed()).toBe(0);
  });

  test("too deep a recursion is a stack overflow, not a wrong result", () => {
    const machine = createMachine({ ...options, image });
    machine.initialize();
    expect(() => machine.call("depth", [1000])).toThrow(/stack grow down to 0x20000.*addi sp, -\d+ in depth\+/);
  });

  test("a longer flash latency only changes the time", () => {
    const [fast, slow] = [0, 2].map((waitStates) => {
      const machine = createMachine({ ...options, image, memories: [flash(waitStates), ram] });
      machine.initialize();
      return { ...machine.call("work", [5]), sorted: words(machine, "sorted", 64) };
    });
    expect(slow!.sorted).toEqual(fast!.sorted);
    expect(slow!.instructions).toBe(fast!.instructions);
    expect(slow!.cycles).toBeGreaterThan(1.3 * fast!.cycles);
  });

  test("a chip with a multiplier needs fewer cycles for the same", () => {
    const [soft, hard] = [image, buildFirmware("rv32emc")].map((image) => {
      const machine = createMachine({ ...options, image, isa: { ...rv32ec, multiply: "Zmmul" } });
      machine.initialize();
      const { cycles } = machine.call("work", [5]);
      return { cycles, products: words(machine, "products", 8) };
    });
    expect(hard!.products).toEqual(soft!.products);
    expect(hard!.cycles).toBeLessThan(soft!.cycles / 2);
  });
});
