import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compressedInstructions } from "./compressed.js";
import { decode } from "./decode.js";
import { disassemble } from "./disassemble.js";
import type { Isa } from "./isa.js";
import { operations } from "./operations.js";
import { assemble } from "./testing/assemble.js";

const everything: Isa = { embedded: false, compressed: true, multiply: "M" };
const address = 0x1000;

describe("the instruction tables", () => {
  test("have no two instructions for the same bits, but where a special case comes first", () => {
    for (const { name, match, bytes } of [...operations, ...compressedInstructions]) {
      const decoded = decode(match, everything);
      const reserved = ["c.addi4spn", "c.addi16sp", "c.lui", "c.lwsp", "c.jr", "c.mv", "c.jalr", "c.add"];
      if (reserved.includes(name) || name === "c.addi") continue; // all fields zero mean another instruction there
      expect(decoded, name).toMatchObject({ encoding: { name, bytes } });
    }
  });

  test("text of any instruction assembles to the bits it came from", () => {
    const compressed = fc.integer({ min: 0, max: 0xffff }).filter((half) => (half & 3) !== 3);
    const base = fc.tuple(fc.constantFrom(...operations), fc.integer({ min: 0, max: 0xffffffff }));
    const word = fc.oneof(
      compressed,
      base.map(([{ mask, match }, noise]) => (match | (noise & ~mask)) >>> 0),
    );
    const property = fc.property(word, (word) => {
      const decoded = decode(word, everything);
      if (typeof decoded === "string" || decoded.operation.format === "fence") return;
      const bytes = assemble(disassemble(word, address, everything), address);
      const again = bytes.reduceRight((value, byte) => value * 256 + byte, 0);
      // Hints are spelled alike: c.nop with an operand, c.mv to zero… so what must agree is the meaning.
      expect({ ...(decode(again, everything) as object), encoding: 0 }).toEqual({ ...decoded, encoding: 0 });
    });
    fc.assert(property, { numRuns: 3000 });
  });

  test.each([
    [0x00000013, "addi zero, zero, 0"],
    [0xfe050ee3, "beq a0, zero, 0xffc"],
    [0x0040006f, "jal zero, 0x1004"],
    [0x800007b7, "lui a5, 0x80000"],
    [0x00c12083, "lw ra, 12(sp)"],
    [0xfea42c23, "sw a0, -8(s0)"],
    [0x40355513, "srai a0, a0, 3"],
    [0x30041073, "csrrw zero, 768, s0"],
    [0x157d, "c.addi a0, -1"],
    [0xfd75, "c.bnez a0, 0xffc"],
    [0xc214, "c.sw a3, 0(a2)"],
    [0x7139, "c.addi16sp sp, -64"],
    [0x0800, "c.addi4spn s0, sp, 16"],
    [0x8082, "c.jr ra"],
    [0x0000, ".half 0x0000"],
    [0xffffffff, ".word 0xffffffff"],
  ])("0x%s is %s", (word, text) => {
    expect(disassemble(word, address, everything)).toBe(text);
  });
});

describe("cores that have less", () => {
  const small: Isa = { embedded: true, compressed: false, multiply: "none" };
  test.each([
    ["add x16, x1, x2", small, "register-above-x15"],
    ["sw x17, 0(x2)", small, "register-above-x15"],
    ["c.mv a0, a6", { ...small, compressed: true }, "register-above-x15"],
    ["c.mv a0, a1", small, "illegal-instruction"],
    ["mul a0, a1, a2", small, "illegal-instruction"],
    ["div a0, a1, a2", { ...small, multiply: "Zmmul" }, "illegal-instruction"],
  ] as const)("%s", (text, isa, problem) => {
    const bytes = assemble(text, 0);
    expect(
      decode(
        bytes.reduceRight((value, byte) => value * 256 + byte, 0),
        isa,
      ),
    ).toBe(problem);
  });

  test("x16 as a number is no register: csrrwi takes 31", () => {
    expect(decode(0x300fd073, small)).toMatchObject({ operation: { name: "csrrwi" } });
  });
});
