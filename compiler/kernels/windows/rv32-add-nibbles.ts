import {
  align,
  at,
  countDown,
  type Item,
  type Label,
  label,
  pinned,
  type Program,
  program,
  type Register,
  restore,
  save,
  slots,
} from "../../riscv/index.js";
import {
  add,
  addi,
  and,
  andi,
  beq,
  beqz,
  bltu,
  bltz,
  bne,
  bnez,
  enterFrame,
  j,
  li,
  lw,
  mv,
  sll,
  slli,
  srli,
  sub,
  sw,
} from "../../riscv/instructions.js";
import { a0, a1, a2, a3, a4, a5, ra, s0, s1, sp, t0, t1, t2, tp, zero } from "../../riscv/registers.js";

/** Weights whose levels have numbers of 4 bits, added up by the binary digits of inputs. */
export interface Nibbles {
  /** Words of a group. */
  readonly width: 2 | 3;
  /** Binary digits of inputs. */
  readonly digits: number;
  /** The largest number of a level. */
  readonly most: number;
  /** The distance of levels is 2 to it. */
  readonly stepShift: number;
}

/** Registers that accumulate a word's low and high nibbles. Three words take that of the end of the list, too, which then is in the frame. */
const accumulators = {
  2: [
    { low: t0, high: t2 },
    { low: t1, high: ra },
  ],
  3: [
    { low: t0, high: ra },
    { low: t1, high: tp },
    { low: t2, high: a1 },
  ],
} as const;

type Word = (typeof accumulators)[2 | 3][number];

/** Behind these slots come the sums of 16 bits. */
const frame = slots("list", "end", "offset", "sums", "groups", "digit", "s0", "s1", "ra", "tp", "sp");

/** Bytes of the sums of 16 bits of a word. */
const pairBytes = 16;

/** C makes the frame of it. */
export const frameBytes = (width: number): number => frame.bytes + pairBytes * width;

/** How many words fit bytes. */
export const longestBlock = (most: number): number => Math.min(255, Math.floor(255 / most));

const [given, slot] = [frame.at(t0), frame.at(sp)];

/** Adds a list's inputs times their weights to the sums of all units, a group at a time, and its inputs' binary digits one by one. */
export function addNibbles(fields: Nibbles): Program {
  const { width, digits, most, stepShift } = fields;
  const words = accumulators[width];
  const borrowing = width === 3;
  const end = borrowing ? s1 : a1;
  const [even, group, digit, block, flush, digitDone] = [label(), label(), label(), label(), label(), label()];
  return program(
    [
      about(width),
      [save(given, s0, s1, ra), borrowing && sw(tp, given.tp), sw(sp, given.sp), enterFrame(t0)],
      [sw(a0, slot.list), sw(a5, slot.offset), sw(a3, slot.sums), sw(a4, slot.groups), li(a4, 0x0f0f0f0f)],
      [sub(s0, a1, a0), andi(s0, s0, 4), beqz(s0, even), sw(zero, at(a1), "an entry of zero makes their number even"), addi(a1, a1, 4)],
      [even, borrowing && sw(a1, slot.end)],
      [group, sw(zero, slot.digit, "a group")],
      Array.from({ length: 4 * width }, (_, index) => sw(zero, at(sp, frame.bytes + 4 * index))),
      li(a3, 1),
      [digit, lw(a0, slot.list, "a digit")],
      [
        block,
        words.map(({ low, high }, index) => [li(low, 0, index === 0 ? "a block" : undefined), li(high, 0)]),
        li(a5, longestBlock(most) - 2),
        align(4),
      ],
      addEntries(fields, { end, flush, digitDone }),
      [flush, lw(a5, slot.digit), li(a3, 0x00ff00ff)],
      words.map((word, index) => addBytes(word, frame.bytes + pairBytes * index)),
      [li(a3, 1), sll(a3, a3, a5), borrowing && lw(s1, slot.end), bltu(a0, end, block)],
      [digitDone, slli(a3, a3, 1), lw(s0, slot.digit), addi(s0, s0, 1), sw(s0, slot.digit), li(s1, digits), bne(s0, s1, digit)],
      [lw(a0, slot.sums), lw(a5, slot.offset), addSums(width, stepShift), sw(a0, slot.sums)],
      addi(a2, a2, 4 * width),
      countDown(s0, slot.groups, group),
      mv(t0, sp),
      [restore(given, s0, s1, ra), borrowing && lw(tp, given.tp), lw(sp, given.sp)],
    ],
    pinned(a0, a1, a2, a3, a4, a5, t0),
  );
}

const about = (width: 2 | 3): Item => [
  `a0 next entry    ${width === 3 ? "" : "a1 end of the list    "}a2 weights of the group    a3 the digit's bit    a4 mask    a5 how many more fit, less two`,
  "s1 entry, weights of the input    s0 a word of them",
  accumulators[width].map(({ low, high }) => `${low} low, ${high} high nibbles`).join("    "),
  "",
  `sp ${frame.legend}    ${frame.bytes} sums of 16 bits`,
];

interface Ways {
  /** The end of the list; where it is in the frame, `s1` has it for the comparison. */
  readonly end: Register;
  readonly flush: Label;
  readonly digitDone: Label;
}

/** Adds up words of the inputs that have the digit, two entries at a time, until no two more may fit or the list ends. */
function addEntries({ width, most }: Nibbles, { end, flush, digitDone }: Ways): Item {
  const [first, hasFirst, second, hasSecond, next] = [label(), label(), label(), label(), label()];
  return [
    [first, lw(s1, at(a0), "two entries"), and(s0, s1, a3), bnez(s0, hasFirst)],
    [second, lw(s1, at(a0, 4)), and(s0, s1, a3), bnez(s0, hasSecond)],
    [next, addi(a0, a0, 8), bltz(a5, flush), end === s1 && lw(s1, slot.end), bne(a0, end, first)],
    [li(s1, longestBlock(most) - 2), beq(a5, s1, digitDone, "no input has it"), j(flush)],
    [hasFirst, addWords(width), j(second)],
    [hasSecond, addWords(width), j(next)],
  ];
}

const addWords = (width: 2 | 3): Item => [
  [srli(s1, s1, 16), add(s1, s1, a2)],
  accumulators[width].map(({ low, high }, index) => [
    [lw(s0, at(s1, 4 * index)), add(low, low, s0)],
    [srli(s0, s0, 4), and(s0, s0, a4), add(high, high, s0)],
  ]),
  addi(a5, a5, -1),
];

/** Takes the high nibbles out of a word's low ones, shifts the bytes of both to the place of the digit, and adds them to sums of 16 bits. */
const addBytes = ({ low, high }: Word, sums: number): Item => [
  [slli(s1, high, 4), sub(low, low, s1)],
  [low, low, high, high].map((bytes, lane) => {
    const sum = at(sp, sums + 4 * lane);
    return [and(s1, bytes, a3), sll(s1, s1, a5), lw(s0, sum), add(s0, s0, s1), sw(s0, sum), lane % 2 === 0 && srli(bytes, bytes, 8)];
  }),
];

/** Adds sums of 16 bits, times the distance of levels, and what the lowest level comes to, to the sums of units. */
function addSums(width: number, stepShift: number): Item {
  const loop = label();
  return [
    [addi(a3, sp, frame.bytes), addi(t0, sp, frameBytes(width))],
    [loop, lw(s1, at(a3), "two units"), slli(s0, s1, 16), srli(s0, s0, 16 - stepShift), add(s0, s0, a5)],
    [lw(t1, at(a0)), add(s0, s0, t1), sw(s0, at(a0))],
    [srli(s1, s1, 16), stepShift !== 0 && slli(s1, s1, stepShift), add(s1, s1, a5)],
    [lw(t1, at(a0, 4)), add(s1, s1, t1), sw(s1, at(a0, 4))],
    [addi(a0, a0, 8), addi(a3, a3, 4), bne(a3, t0, loop)],
  ];
}
