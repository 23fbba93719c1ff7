import {
  align,
  at,
  enterFrame,
  hi,
  type Item,
  label,
  lo,
  pinned,
  type Program,
  program,
  restore,
  save,
  symbol,
  written,
} from "../../riscv/index.js";
import { add, addi, and, beq, bgtz, bltz, bne, j, jr, la, li, lui, lw, mv, sll, slli, srl, sub, sw } from "../../riscv/instructions.js";
import { a0, a1, a4, a5, ra, s0, s1, sp, t0, tp, zero } from "../../riscv/registers.js";
import { accumulators, frame, rest, sumRows } from "./rv32-digit-block.js";

/** Words of sums, two sums each, of a pass; a word of weights has eight. */
export const sumsPerPass = 4 * accumulators.length;

/** A word of sums, and two bytes on their way there; where the sums are; how far the bytes are shifted. */
const [sum, pair, sums, shift] = [s0, s1, a5, a4];

const slot = frame.at(sp);

/** Adds the rows of all lists to the sums, pass by pass, list by list and block by block; `t0` is the frame. */
export function addRows(most: number): Program {
  const given = frame.at(t0);
  const block = symbol("block");
  const [resume, pass, nextList, list, nextBlock, flushed, listDone] = [label(), label(), label(), label(), label(), label(), label()];
  return program(
    [
      "Registers are those of the function above when rows were added up: then a5 is where the sums are, a4 the place, or what",
      "it lacks to 8, s0 a word of sums, s1 two bytes.",
      save(given, s0, s1, ra, tp, sp),
      enterFrame(t0),
      [la(s1, resume), sw(s1, slot.resume)],
      [pass, lw(a5, slot.lists, "a pass: from the first list on"), lw(a1, slot.ends), sw(zero, slot.place), j(list)],
      [nextList, lw(a1, slot.next)],
      [list, lw(s1, at(a1, 0), "a list"), addi(a1, a1, 4), sw(a5, slot.list), sw(a1, slot.next), sw(s1, slot.end)],
      beq(a5, s1, listDone),
      [nextBlock, lui(s0, hi(block)), jr(at(s0, lo(block)))],
      align(4),
      resume,
      "from a block to the sums",
      [lw(shift, slot.place), lw(sums, slot.sums), li(a0, 0x00ff00ff), sll(a0, a0, shift)],
      flush(0),
      [lw(sum, slot.words, "the last words of a row are two"), addi(sum, sum, -accumulators.length), bltz(sum, flushed)],
      flush(1),
      [flushed, lw(a5, slot.stop), lw(s1, slot.end), bne(a5, s1, nextBlock)],
      [listDone, lw(a5, slot.list, "the next list"), lw(s0, slot.capacity), lw(s1, slot.digits), add(a5, a5, s0)],
      [lw(s0, slot.place), addi(s0, s0, 1), sw(s0, slot.place), bne(s0, s1, nextList)],
      [lw(s0, slot.rows, "the next pass"), lw(s1, slot.sums), lw(a5, slot.pass), add(s0, s0, a5)],
      [lw(a5, slot.words), addi(s1, s1, 4 * sumsPerPass), addi(a5, a5, -accumulators.length)],
      [sw(s0, slot.rows), sw(s1, slot.sums), sw(a5, slot.words), bgtz(a5, pass)],
      mv(t0, sp),
      restore(given, s0, s1, ra, tp, sp),
    ],
    pinned(t0),
    written(sumRows(most)),
  );
}

/**
 * Two words' bytes on their way to the sums: those at even places first, then those at odd places; in the second half the other way
 * round.
 */
function flush(half: 0 | 1): Item {
  const first = half * rest;
  const words = accumulators.slice(first, first + rest);
  const lanes = (odd: number): Item =>
    words.map(({ low, high }, index) =>
      [low, high].map((from, nibble) => {
        const to = at(sums, 16 * (first + index) + 8 * nibble + 4 * odd);
        return [(odd === 0 ? sll : srl)(pair, from, shift), lw(sum, to), and(pair, pair, a0), add(sum, sum, pair), sw(sum, to)];
      }),
    );
  return [
    words.map(({ low, high }) => [slli(pair, high, 4), sub(low, low, pair)]),
    lanes(half),
    [li(sum, 8), sub(shift, sum, shift)],
    lanes(1 - half),
  ];
}
