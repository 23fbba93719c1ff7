import { align, at, type Item, label, type Program, program, type RegisterName, struct } from "../../riscv/index.js";
import { add, addi, and, andi, beqz, bgeu, bltu, bltz, j, jr, lbu, li, lw, mv, slli, srli, sub, sw } from "../../riscv/instructions.js";
import { a0, a1, a2, a3, a4, a5, ra, s0, s1, sp, t0, t1, t2, tp } from "../../riscv/registers.js";

/** A word of weights in SWAR: bytes that accumulate its low nibbles (and its high ones above them), and its high nibbles. */
export interface Accumulator {
  readonly low: RegisterName;
  readonly high: RegisterName;
}

/** Of the words of a row that are added up at a time. */
export const accumulators: readonly Accumulator[] = [
  { low: a1, high: a2 },
  { low: a3, high: t0 },
  { low: t1, high: t2 },
  { low: ra, high: tp },
];

/** How many words are added up alone after the last whole pass. */
export const rest = 2;

/** Weights that a byte has room for. */
export const longestBlock = (most: number): number => Math.floor(255 / most);

/** What is on the stack while rows are added up. */
export const frame = struct({
  stop: ["const uint8_t *", "end of the block"],
  end: ["const uint8_t *", "end of the list"],
  rows: ["const uint32_t *", "those of this pass"],
  place: ["uint32_t", "of the digit"],
  list: ["const uint8_t *", "its start"],
  next: ["uint8_t *const *", "where the end of the next list is"],
  digits: "uint32_t",
  sums: ["uint32_t *", "those of this pass"],
  words: ["uint32_t", "still to come"],
  lists: "const uint8_t *",
  ends: "uint8_t *const *",
  pass: ["uint32_t", "bytes from pass to pass"],
  ...{ s0: "uint32_t", s1: "uint32_t", ra: "uint32_t", tp: "uint32_t", sp: "uint32_t" },
  capacity: ["uint32_t", "bytes from list to list"],
  resume: ["uint32_t", "where a block goes on"],
});

const [entry, row, word, mask, rows] = [a5, s1, s0, a0, a4];

/** Adds up the rows of the next block of a list in bytes; unrolled four times, the first round begins in its middle. */
export function sumRows(most: number): Program {
  const slot = frame.at(sp);
  const [whole, leave, last, again] = [label(), label(), label(), label()];
  const rounds = [label(), label(), label(), label()] as const;
  return program([
    `${entry} next entry of the list    ${row} its end, then row    ${word} word    ${mask} mask    ${rows} rows of this pass`,
    accumulators.map(({ low, high }, index) => `${low} low ${index}, ${high} high ${index}`).join("    "),
    addi(s0, entry, longestBlock(most), "as many rows as bytes hold"),
    [bgeu(s1, s0, whole), mv(s0, s1), whole, sw(s0, slot.stop)],
    lbu(row, at(entry, 0), "the first row begins the sums"),
    [addi(entry, entry, 1), sub(s0, s0, entry)],
    li(mask, 0x0f0f0f0f),
    lw(rows, slot.rows),
    [lw(a1, slot.words), addi(a1, a1, -accumulators.length), bltz(a1, last)],
    [slli(row, row, 4), add(row, row, rows)],
    accumulators.map(({ low }, index) => lw(low, at(row, 4 * index))),
    accumulators.map(takeHigh),
    beqz(s0, leave),
    [andi(s0, s0, rounds.length - 1), beqz(s0, rounds[0])],
    add(entry, entry, s0, "the first turn begins in its middle"),
    addi(entry, entry, -rounds.length),
    [addi(s0, s0, -2), bltz(s0, rounds[3]), beqz(s0, rounds[2]), j(rounds[1])],
    align(4),
    rounds.map((round, index) => [
      [round, lbu(row, at(entry, index)), slli(row, row, 4), add(row, row, rows)],
      accumulators.map(accumulate),
    ]),
    [addi(entry, entry, rounds.length), lw(s0, slot.stop), bltu(entry, s0, rounds[0])],
    [leave, lw(s0, slot.resume), jr(s0)],
    [last, slli(row, row, 3, "the last words of a row"), add(row, row, rows)],
    accumulators.slice(0, rest).map((of, index) => [lw(of.low, at(row, 4 * index)), takeHigh(of)]),
    beqz(s0, leave),
    [again, lbu(row, at(entry, 0)), slli(row, row, 3), add(row, row, rows)],
    accumulators.slice(0, rest).map(accumulate),
    [addi(entry, entry, 1), lw(s0, slot.stop), bltu(entry, s0, again), j(leave)],
  ]);
}

const takeHigh = ({ low, high }: Accumulator): Item => [srli(high, low, 4), and(high, high, mask)];

const accumulate = ({ low, high }: Accumulator, index: number): Item => [
  [lw(word, at(row, 4 * index)), add(low, low, word)],
  [srli(word, word, 4), and(word, word, mask), add(high, high, word)],
];
