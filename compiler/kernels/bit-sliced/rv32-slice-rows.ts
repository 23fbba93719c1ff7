import {
  align,
  at,
  enterFrame,
  type Item,
  type Label,
  label,
  pinned,
  type Program,
  program,
  type RegisterName,
} from "../../riscv/index.js";
import { restore, save, struct } from "../../riscv/index.js";
import { add, addi, andi, beq, beqz, bgtz, bltu, bnez, j, lbu, li, lw, mv, or, slli, sub, sw } from "../../riscv/instructions.js";
import { and, xor } from "../../riscv/instructions.js";
import { a0, a1, a2, a3, a4, a5, ra, s0, s1, sp, t0, t1, t2, tp } from "../../riscv/registers.js";
import { digits } from "../bit-planes/digits.js";
import { fullAdder, halfAdder } from "./rv32-adders.js";

/** What is on the stack meanwhile. */
export const frame = struct({
  after: ["uint32_t *", "the slice after those in registers"],
  end: ["const uint8_t *", "of the list"],
  list: ["const uint8_t *", "its start"],
  next: ["uint8_t *const *", "where the end of the next list is"],
  count: ["uint32_t", "lists to come"],
  capacity: ["uint32_t", "bytes from list to list"],
  ...{ sp: "uint32_t", s0: "uint32_t", s1: "uint32_t", ra: "uint32_t", tp: "uint32_t" },
});

/** The slices of the sums in registers, from the digit of the list upwards. */
const slices = [a2, a3, t0, t1, t2, ra] as const;
const [first, second, third, fourth, fifth, sixth] = slices;
const [rows, entry] = [a4, a5];
const slot = frame.at(sp);

/** How rows are added up: one bit of each weight or two, and whether never both bits of a weight are set, as of three levels. */
export interface SliceRows {
  readonly pair: boolean;
  readonly three: boolean;
}

/** Four rows a round by carry-save adders; the first round of a list begins in its middle. */
export function addSlices({ pair, three }: SliceRows): Program {
  const [list, carried, done, listDone] = [label(), label(), label(), label()];
  const rounds = [label(), label(), label(), label()] as const;
  return program(
    [
      `${slices.join(" ")}     the slices            ${rows}  rows`,
      `s0 s1 a0 a1${pair ? " tp" : "   "}     words in flight       ${entry}  next entry of the list`,
      enter(),
      [list, lw(a0, slot.next, "a list"), sw(entry, slot.list), lw(s1, at(a0, 0)), addi(a0, a0, 4), sw(a0, slot.next)],
      [sw(s1, slot.end), beq(entry, s1, listDone)],
      sub(a0, s1, entry, "fewer than four rows come first: the round begins in its middle"),
      andi(a0, a0, 3),
      pair && li(tp, 0),
      beqz(a0, rounds[0]),
      [addi(entry, entry, -4), add(entry, entry, a0), addi(a0, a0, -2), li(a1, 0), li(s1, 0)],
      [beqz(a0, rounds[2]), bgtz(a0, rounds[1]), li(a0, 0), j(rounds[3])],
      align(4),
      pair ? pairRound(rounds, three) : singleRound(rounds),
      [halfAdder(fifth, s0, a0), halfAdder(sixth, a0, s0), beqz(s0, done)],
      lw(a0, slot.after, "a carry for the slices in memory"),
      [carried, carry(s0, a1, 0), beqz(a1, done), carry(a1, s0, 4), addi(a0, a0, 8), bnez(s0, carried)],
      [done, addi(entry, entry, 4), lw(s1, slot.end), bltu(entry, s1, rounds[0])],
      [listDone, nextDigit(list)],
      slices.map((slice, index) => sw(slice, at(a0, 4 * (index - slices.length)))),
      restore(slot, s0, s1, ra, tp, sp),
    ],
    pinned(a0, a1, a2, a3, a4),
  );
}

/** From `a0` digits, `a1` how many lists, `a2` rows, `a3` sums and `a4` the frame. */
function enter(): Item {
  const { capacity, lists } = digits.at(a0);
  return [
    [sw(sp, frame.at(a4).sp), enterFrame(a4), save(slot, s0, s1, ra, tp)],
    [addi(a4, a0, digits.offsets.ends), sw(a4, slot.next), sw(a1, slot.count)],
    [lw(a4, capacity), sw(a4, slot.capacity), lw(entry, lists)],
    [mv(rows, a2), mv(a0, a3)],
    slices.map((slice, index) => lw(slice, at(a0, 4 * index))),
    [addi(a0, a0, 4 * slices.length), sw(a0, slot.after)],
  ];
}

/** The next list: its digit's slice becomes the lowest; that of the one before is done. */
const nextDigit = (list: Label): Item => [
  [lw(a0, slot.after, "the next list: the lowest slice is done"), lw(entry, slot.list), lw(s0, slot.count)],
  sw(first, at(a0, -4 * slices.length)),
  slices.slice(1).map((slice, index) => mv(slices[index]!, slice)),
  [lw(sixth, at(a0, 0)), addi(a0, a0, 4)],
  [lw(a1, slot.capacity), add(entry, entry, a1), addi(s0, s0, -1)],
  [sw(a0, slot.after), sw(s0, slot.count), bnez(s0, list)],
];

type Round = readonly [Label, Label, Label, Label];

/** Words of one bit of each weight: they carry to the fourth slice. */
const singleRound = ([one, two, three, four]: Round): Item => {
  const word = (register: RegisterName, index: number): Item => [rowAt(register, index, 4), lw(register, at(register, 0))];
  return [
    [one, word(a1, 0)],
    [two, word(a0, 1), fullAdder(first, a0, a1, a0)],
    [three, word(s1, 2)],
    [four, word(s0, 3), fullAdder(first, s0, s1, s0)],
    [fullAdder(second, s0, a0, s0), halfAdder(third, s0, a0), halfAdder(fourth, a0, s0)],
  ];
};

/** Pairs of words, of the lower and the upper bits. Where at most one of these is set, the carry of a lower one is put with the upper ones. */
function pairRound([one, two, three, four]: Round, exclusive: boolean): Item {
  const words = (row: RegisterName, lower: RegisterName, index: number): Item => [
    [rowAt(row, index, 8), lw(lower, at(row, 0)), lw(row, at(row, 4))],
  ];
  const half = (begin: Label, middle: Label, index: number, carry: RegisterName): Item => [
    [begin, words(s1, a1, index), exclusive && [halfAdder(first, a1, a0), or(s1, s1, a0)]],
    [middle, words(s0, a0, index + 1)],
    exclusive
      ? [halfAdder(first, a0, a1), or(s0, s0, a1), fullAdder(second, s0, s1, carry)]
      : [fullAdder(first, a0, a1, a0), fullAdder(second, s0, s1, s0), halfAdder(second, a0, a1), fullAdder(third, s0, a1, carry)],
  ];
  return [
    half(one, two, 0, tp),
    half(three, four, 2, s0),
    exclusive ? [fullAdder(third, s0, tp, a0), halfAdder(fourth, a0, s0)] : fullAdder(fourth, s0, tp, s0),
  ];
}

/** Where the row of an entry is, of so many bytes. */
const rowAt = (register: RegisterName, index: number, bytes: 4 | 8): Item => [
  [lbu(register, at(entry, index)), slli(register, register, Math.log2(bytes)), add(register, register, rows)],
];

/** Adds a carry to a slice in memory, relative to `a0`; what it carries goes to the next. */
const carry = (word: RegisterName, next: RegisterName, offset: number): Item => [
  [lw(next, at(a0, offset)), xor(s1, next, word), and(next, next, word), sw(s1, at(a0, offset))],
];
