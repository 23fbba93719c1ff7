import { at, type Item, label, type Program } from "../../riscv/index.js";
import { add, addi, andi, bge, bgez, blez, bne, bnez, lhu, li, lw, mv, sb, sh, srai, sub, sw, xori } from "../../riscv/instructions.js";
import { a0, a1, ra, s0, s1, sp, t1, t2, zero } from "../../riscv/registers.js";
import { type CodeRegisters, frameAt } from "./code-registers.js";
import { chooseHalf, generatedLoop, leave, type Lines } from "./rv32-generated-loop.js";

/** A stage that convolves one window after the other. */
export interface MapStage {
  readonly pooled: boolean;
  /** Sums are shifted right by it. */
  readonly shift: number;
  /** It reads halves of words, and adds what the kernel makes of the darkest pixel. */
  readonly based: boolean;
  /** Of a result: its bytes, and how it is stored. */
  readonly cell: 1 | 2 | 4;
  readonly store: "sb" | "sh" | "sw";
  /** Results in a line. */
  readonly cells: number;
}

/** The largest sum of each 2x2 windows, or each sum, cleared of negatives. */
export function mapLoop(registers: CodeRegisters, lines: Lines, stage: MapStage): Program {
  const { borrowing } = registers;
  const { pooled } = stage;
  const last = borrowing ? t1 : a1;
  const constants =
    `${borrowing ? "t1" : "on the stack   12"} ra of the last line   ` +
    `${borrowing ? "t2" : "20"} ${pooled ? "bytes of a line of sums at the upper of two lines" : "base"}`;
  return generatedLoop(registers, lines, {
    constants,
    storeSum: [stage.based && addBase(borrowing), pooled ? storeLargest(registers, stage) : storeSum(registers, stage)],
    endLine: (line) => {
      const more = label();
      return [
        !borrowing && lw(a1, frameAt(sp).first),
        pooled && nextLower(registers),
        bne(ra, last, more),
        leave,
        more,
        addi(ra, ra, lines.line),
        pooled ? nextUpper(registers, stage, line) : line,
      ];
    },
    enter: [stage.based && chooseHalf, enter(borrowing, lines, stage)],
  });
}

const storeOf = ({ store }: MapStage) => ({ sb, sh, sw })[store];

const addBase = (borrowing: boolean): Item => (borrowing ? add(s0, s0, t2) : [lw(a0, frameAt(sp).second), add(s0, s0, a0)]);

const shifted = ({ shift }: MapStage): Item => shift !== 0 && srai(s0, s0, shift);

function storeSum({ to }: CodeRegisters, stage: MapStage): Item {
  const store = label();
  return [shifted(stage), bgez(s0, store), li(s0, 0), store, storeOf(stage)(s0, at(to))];
}

function storeLargest({ to }: CodeRegisters, stage: MapStage): Item {
  const smaller = label();
  const load = stage.store === "sw" ? lw : lhu;
  return [
    blez(s0, smaller),
    shifted(stage),
    andi(s1, to, -stage.cell, "two windows have one place"),
    load(a0, at(s1)),
    bge(a0, s0, smaller),
    storeOf(stage)(s0, at(s1)),
    smaller,
  ];
}

/** The bytes of a line of sums at the upper of two lines, 0 at the lower one. */
const otherOf = (borrowing: boolean) => (borrowing ? t2 : a0);

const nextLower = ({ borrowing, to }: CodeRegisters): Item => [
  !borrowing && lw(a0, frameAt(sp).second),
  sub(to, to, otherOf(borrowing), "the lower line goes where the upper one went"),
];

function nextUpper({ borrowing, to }: CodeRegisters, stage: MapStage, line: Item): Item {
  const { cell, cells } = stage;
  const [lower, other] = [label(), otherOf(borrowing)];
  const clear = Array.from({ length: cells }, (_, index) =>
    storeOf(stage)(zero, at(to, cell * index), index === 0 ? "sums begin at 0" : undefined),
  );
  const change = xori(other, other, cells * cell);
  return [bnez(other, lower), line, clear, borrowing ? [lower, change] : [li(a0, 0), lower, change, sw(a0, frameAt(sp).second)]];
}

function enter(borrowing: boolean, { lineEnd, lastEnd }: Lines, { based }: MapStage): Item {
  const slot = frameAt(sp);
  return [
    addi(ra, a0, lineEnd),
    li(t1, lastEnd),
    add(t1, t1, a0),
    borrowing ? (based ? mv(t2, s0) : li(t2, 0)) : [sw(t1, slot.first), based && sw(s0, slot.second)],
  ];
}
