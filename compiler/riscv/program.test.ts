import { describe, expect, test } from "vitest";
import { align, alignWithNops, bytes, distance, halves, subsection, together, unrelaxed, word } from "./directives.js";
import { add, addi, beqz, bgeu, bnez, enterFrame, j, jr, la, lbu, li, lui, lw, mv, ret, sw } from "./instructions.js";
import { input, inout, memory, namesOf, out, pinned } from "./operands.js";
import { at, hi, type Item, label, lo, ownPart, type Program, program, symbol } from "./program.js";
import { a0, a1, a2, a5, gp, ra, s0, sp, t0, tp, zero } from "./registers.js";
import { codeBytes } from "./size.js";
import { cStatement } from "./statement.js";
import { slots, struct } from "./struct.js";
import { gnuAssemble, gnuPrefix } from "./testing/gnu.js";
import { borrowed, clobbered, stackBytes, written } from "./use.js";

const nameOf = ({ routine = "add", part }: { readonly routine?: string; readonly part?: string }): string =>
  part === undefined ? routine : `${routine}_${part}`;
const text = (made: Program): string => cStatement(made, nameOf);

describe("a program as C", () => {
  test("is a string a line, with labels before them and notes beside them", () => {
    const loop = label();
    const made = program(["a0 in", loop, lw(a0, at(a0), "the first"), "", beqz(a0, loop), [false, undefined, ret()]]);
    expect(text(made)).toBe(
      '__asm__(\n    /* a0 in */\n    "1:  lw      a0, 0(a0)\\n" /* the first */\n\n    "    beqz    a0, 1b\\n"\n    "    ret\\n"\n);',
    );
  });

  test("takes symbols of C as operands", () => {
    const made = program([
      lui(a0, hi(symbol("state"), 4)),
      lw(a0, at(a0, lo(symbol("state"), 4))),
      j(ownPart("end")),
      j(symbol("run", "leave")),
    ]);
    expect(text(made).split("\n").slice(1)).toEqual([
      '    "    lui     a0, %%hi(%[state] + 4)\\n"',
      '    "    lw      a0, %%lo(%[state] + 4)(a0)\\n"',
      '    "    j       %[add_end]\\n"',
      '    "    j       %[run_leave]\\n"',
      "    :",
      '    : [add_end] "i"(add_end), [run_leave] "i"(run_leave), [state] "i"(state));',
    ]);
  });

  test("names operands, and says what else it changes", () => {
    const operands = { sum: inout("sum"), d: out("d"), limit: input("job->limit"), full: memory("job->full"), ...pinned("a0") };
    const { sum, d, limit, full } = namesOf(operands);
    const made = program([lw(d, at(sum)), add(d, d, limit), lw(t0, full), sw(d, at(a0)), addi(a0, a0, 4)], operands);
    expect(text(made).split("\n").slice(1)).toEqual([
      '    "    lw      %[d], 0(%[sum])\\n"',
      '    "    add     %[d], %[d], %[limit]\\n"',
      '    "    lw      t0, %[full]\\n"',
      '    "    sw      %[d], 0(a0)\\n"',
      '    "    addi    a0, a0, 4\\n"',
      '    : [sum] "+&r"(sum), [d] "=&r"(d), "+r"(a0)',
      '    : [limit] "r"(job->limit), [full] "m"(job->full)',
      '    : "t0", "memory");',
    ]);
  });

  test("has instructions that share a line, and a table behind all others", () => {
    const [line, table] = [label(), label()];
    const made = program([
      line,
      together(add(a0, a0, a1), add(a0, a0, a2, "twice"), ret()),
      subsection(table, halves(distance(table, line))),
    ]);
    expect(text(made).split("\n").slice(1, -1)).toEqual([
      '    "1:  add     a0, a0, a1; add a0, a0, a2; ret\\n"',
      '    "    .subsection 1\\n"',
      '    "2:  .half   1b - 2b\\n"',
      '    "    .previous\\n"',
    ]);
    expect(codeBytes(made)).toBe(2 + 2 + 2 + 2);
  });

  test("needs each label once", () => {
    const here = label();
    expect(() => program([j(here)])).toThrow("not placed");
    expect(() => program([here, here])).toThrow("twice");
  });
});

describe("structs", () => {
  test("are C and offsets alike", () => {
    const job = struct({ x: "const int8_t *", place: ["uint16_t", "of weights"], ends: "uint32_t[3]", last: "uint8_t" });
    expect(job.offsets).toEqual({ x: 0, place: 4, ends: 8, last: 20 });
    expect(job.bytes).toBe(24);
    expect(job.members).toEqual(["const int8_t *x;", "uint16_t place; /* of weights */", "uint32_t ends[3];", "uint8_t last;"]);
    expect(job.at(a0, 4).ends).toEqual(at(a0, 12));
  });
});

describe("registers", () => {
  const frame = slots("s0", "sp", "tp", "loop");
  const save: Item = [sw(s0, frame.at(a5).s0), sw(sp, frame.at(a5).sp), sw(tp, frame.at(a5).tp), enterFrame(a5)];
  const restore: Item = [mv(a5, sp), lw(s0, frame.at(a5).s0), lw(tp, frame.at(a5).tp), lw(sp, frame.at(a5).sp)];

  test("that are restored are not clobbered, and handlers may rely on a stack pointer that points to a frame", () => {
    const made = program([save, li(s0, 1), mv(tp, s0), add(a0, a0, tp), restore]);
    expect(written(made)).toEqual(["sp", "s0", "tp", "a0", "a5"]);
    expect(clobbered(made)).toEqual(["a0", "a5"]);
    expect(borrowed(made)).toEqual(["tp"]);
  });

  test("are restored from other registers, too, unless these change", () => {
    expect(clobbered(program([mv(t0, s0), li(s0, 1), mv(s0, t0)]))).toEqual(["t0"]);
    expect(clobbered(program([mv(t0, s0), li(s0, 1), li(t0, 2), mv(s0, t0)]))).toEqual(["t0", "s0"]);
  });

  test("change where the program jumps to as well", () => {
    const around = program([sw(s0, at(sp, 4)), jr(a0), lw(s0, at(sp, 4))], undefined, ["s0", "a1"]);
    expect(clobbered(around)).toEqual(["a1"]);
  });

  test("gp and sp with data are borrowed", () => {
    expect(borrowed(program([sw(sp, at(a1)), lw(gp, at(a0)), mv(sp, a1), lw(sp, at(sp))]))).toEqual(["gp", "sp"]);
    expect(borrowed(program([addi(sp, sp, -16), addi(sp, sp, 16)]))).toEqual([]);
  });

  test("on the stack are bytes of it", () => {
    expect(stackBytes(program([addi(sp, sp, -52), addi(sp, sp, 52), ret()]))).toBe(52);
    expect(stackBytes(program([li(a0, 1)]))).toBe(0);
  });
});

describe.skipIf(gnuPrefix === undefined)("sizes are those of GNU as", () => {
  /** The text of a program without operands, assembled. */
  const assembled = (made: Program): number =>
    gnuAssemble([...text(made).matchAll(/^ *"(.*)\\n"/gm)].map(([, line]) => line).join("\n") + "\n", "rv32ec").length;
  test("and alignments that are run into are instructions", () => {
    const lines = text(program(unrelaxed(addi(a0, a0, 1), alignWithNops(4), ret())));
    const bytes = gnuAssemble([...lines.matchAll(/^ *"(.*)\\n"/gm)].map(([, line]) => line).join("\n") + "\n", "rv32ec");
    expect([...bytes.subarray(2, 4)]).toEqual([1, 0]);
  });

  const far = (count: number): Item => Array.from({ length: count }, () => lui(a0, 0x12345));

  const [near, over, tooFar, back] = [label(), label(), label(), label()];
  test.each<readonly [string, Item]>([
    ["constants", [0, 31, -32, 32, 2047, -2048, 2048, 0x1000, 0x1f000, 0x20000, 0x8000f000, 0x12345678, -1].map((value) => li(a0, value))],
    ["copies", [mv(a0, a1), add(a0, zero, a1), add(a0, a1, zero), addi(a0, a1, 0)]],
    ["stack pointers", [addi(sp, sp, -16), addi(sp, sp, -52), addi(sp, sp, -64), addi(a0, sp, 4), addi(a0, sp, 6), addi(t0, sp, 4)]],
    ["accesses", [lw(a0, at(a1, 124)), lw(a0, at(a1, 128)), lw(t0, at(a1)), lw(t0, at(sp, 252)), sw(ra, at(sp, 256)), lbu(a0, at(a1))]],
    ["near branches", [near, beqz(a0, near), bnez(t0, near), bgeu(a0, a1, near), far(61), bnez(a0, near), bnez(a0, near), bnez(a0, near)]],
    ["branches that make others longer", [beqz(a0, over), beqz(a1, over), far(62), beqz(a2, over), over]],
    ["branches that are too far", [beqz(a0, tooFar), bgeu(a0, a1, tooFar), beqz(t0, tooFar), far(1024), tooFar, ret()]],
    ["jumps", [back, j(back), far(510), j(back), j(back), j(back), jr(a0), jr(at(a0, 4)), la(a0, back)]],
    ["alignments", unrelaxed(ret(), align(4), far(1), align(4), ret(), align(4), [ret(), ret()], align(4), ret(), align(4), far(1))],
    ["data", [unrelaxed(word(0), bytes(1, 2, distance(back, back), 4), align(2)), back]],
  ])("of %s", (_name, items) => {
    const made = program(items);
    expect(codeBytes(made)).toBe(assembled(made));
  });
});
