import { at, hi, type Item, type Label, label, lo, type Program, symbol } from "../../riscv/index.js";
import { add, addi, andi, beqz, bgez, bnez, lbu, li, lui, lw, sb, sh, slli, srai, srli, sub, sw } from "../../riscv/instructions.js";
import { a0, a1, a2, a3, a4, ra, s0, s1, sp, t1, t2 } from "../../riscv/registers.js";
import { type CodeRegisters, frameAt } from "./code-registers.js";
import { generatedLoop, leave, type Lines } from "./rv32-generated-loop.js";

/** The first stage, at two windows at once. */
export interface PairsStage {
  /** Sums are shifted right by it. */
  readonly shift: number;
  readonly store: "sb" | "sh" | "sw";
  /** From the sum of the lower half of words to that of the upper one, in bytes. */
  readonly high: number;
  /** Where the list of blank windows is behind the image, in bytes. */
  readonly listAt: number;
}

/** Both sums in a word cleared of negatives; windows that are listed as blank are not convolved. */
export function pairsLoop(registers: CodeRegisters, lines: Lines, stage: PairsStage): Program {
  const { borrowing } = registers;
  const constants = borrowing ? "t1 offset       t2 zero" : "on the stack   12 offset   20 zero";
  return generatedLoop(registers, lines, {
    constants,
    storeSum: storeSums(registers, stage),
    endLine: (line) => nextLine(registers, lines, stage, line),
    enter: enter(borrowing, stage),
  });
}

const storeOf = ({ store }: PairsStage) => ({ sb, sh, sw })[store];

function storeSums({ borrowing, to }: CodeRegisters, stage: PairsStage): Item {
  const slot = frameAt(sp);
  const [offset, zero] = borrowing ? [t1, t2] : [a0, a1];
  const [lower, upper] = [label(), label()];
  const shift = 16 + stage.shift;
  return [
    !borrowing && [lw(offset, slot.first), lw(zero, slot.second)],
    add(s0, s0, offset),
    slli(s1, s0, 16),
    srli(s1, s1, shift),
    sub(s1, s1, zero),
    bgez(s1, lower),
    li(s1, 0),
    lower,
    storeOf(stage)(s1, at(to)),
    srli(s0, s0, shift),
    sub(s0, s0, zero),
    bgez(s0, upper),
    li(s0, 0),
    upper,
    storeOf(stage)(s0, at(to, stage.high)),
  ];
}

function nextLine({ borrowing, at: window, to }: CodeRegisters, { outStep }: Lines, stage: PairsStage, line: Label): Item {
  const slot = frameAt(borrowing ? a0 : sp);
  const state = symbol("state");
  const store = storeOf(stage);
  const [blank, others, more] = [label(), label(), label()];
  return [
    line,
    borrowing && [lui(a0, hi(state)), addi(a0, a0, lo(state))],
    lw(a1, slot.list),
    lbu(a2, at(a1, 0), "blank windows"),
    lbu(a3, at(a1, 1), "others"),
    addi(a1, a1, 2),
    sw(a1, slot.list),
    lw(a0, slot.blank),
    slli(a4, a2, 2),
    add(window, window, a4),
    beqz(a2, others),
    blank,
    store(a0, at(to)),
    store(a0, at(to, stage.high)),
    addi(to, to, outStep),
    addi(a2, a2, -1),
    bnez(a2, blank),
    others,
    slli(a3, a3, 2),
    add(ra, window, a3),
    bnez(a3, more),
    leave,
    more,
  ];
}

function enter(borrowing: boolean, { shift, listAt }: PairsStage): Item {
  const slot = frameAt(sp);
  const dark = label();
  return [
    addi(t1, a0, listAt),
    sw(t1, slot.list),
    andi(s1, s0, 2 ** shift - 1),
    slli(t1, a3, 8),
    add(t1, t1, s1),
    slli(t2, t1, 16),
    add(t1, t1, t2),
    srai(s0, s0, shift),
    slli(t2, a3, 8 - shift),
    sub(t2, t2, s0),
    !borrowing && [sw(t1, slot.first), sw(t2, slot.second)],
    bgez(s0, dark),
    li(s0, 0),
    dark,
    sw(s0, slot.blank),
  ];
}
