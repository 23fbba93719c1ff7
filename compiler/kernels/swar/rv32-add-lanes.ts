import {
  align,
  at,
  countDown,
  type Item,
  label,
  pinned,
  type Program,
  program,
  type RegisterName,
  restore,
  save,
  slots,
} from "../../riscv/index.js";
import { add, addi, and, andi, bne, bnez, enterFrame, li, lw, mul, mv, slli, srl, srli, sub, sw } from "../../riscv/instructions.js";
import { a0, a1, a2, a3, a4, a5, ra, s0, s1, sp, t0, t1, t2, zero } from "../../riscv/registers.js";

/** Two weights to a multiplication, two inputs at a time. */
export interface Lanes {
  /** Pairs of weights in a word for one group, and the bits of each weight. */
  readonly lanes: number;
  readonly bits: number;
  /** Groups that share words of weights. */
  readonly passes: number;
  /** The distance of levels is 2 to it. */
  readonly stepShift: number;
}

/** Registers that hold lanes. */
export const laneRegisters = [t0, t1, t2, ra];

const frame = slots("list", "groups", "offset", "sums", "shift", "s0", "s1", "ra", "sp");

/** C makes the frame of it. */
export const frameBytes = frame.bytes;

/** The mask of a pair of weights. */
export const maskOf = ({ bits }: Pick<Lanes, "bits">): number => (2 ** bits - 1) * 0x10001;

/** Adds a list's inputs times their weights to the sums of all units, a group at a time. */
export function addLanes(fields: Lanes): Program {
  const { lanes, bits, passes } = fields;
  const [slot, several] = [frame.at(sp), passes > 1];
  const used = laneRegisters.slice(0, lanes);
  const [group, entries, second, more] = [label(), label(), label(), label()];
  return program(
    [
      "a0 next entry    a1 end of the list    a2 weights of the group    s0 word of weights    s1 input",
      `${used.join(", ")} lanes    a4 a pair, its products; after, offset    a5 mask of a pair    a3 sums${several ? "; before, what words are shifted by" : ""}`,
      "",
      `sp ${frame.legend}`,
      "",
      "Entries are taken two at a time, from the second on where their number is odd.",
      enter(several),
      li(a5, maskOf(fields)),
      group,
      lw(a0, slot.list, "a group"),
      several && lw(a3, slot.shift),
      used.map((lane) => li(lane, 0)),
      [sub(s0, a1, a0), andi(s0, s0, 4), sub(a0, a0, s0), bnez(s0, second), align(4)],
      [entries, addEntry(used, bits, several, 0), second, addEntry(used, bits, several, 4)],
      [addi(a0, a0, 8), bne(a0, a1, entries)],
      several && lw(a3, slot.sums),
      lw(a4, slot.offset),
      used.map((lane, index) => addSums(lane, 8 * index, fields.stepShift)),
      addi(a3, a3, 8 * lanes),
      several && [
        [sw(a3, slot.sums), lw(a4, slot.shift), addi(a4, a4, bits * lanes), andi(a4, a4, 15), sw(a4, slot.shift)],
        bnez(a4, more, "more in the same words"),
      ],
      addi(a2, a2, 4),
      more,
      countDown(s0, slot.groups, group),
      leave,
    ],
    pinned(a0, a1, a2, a3, a4, a5, t0),
  );
}

function enter(several: boolean): Item {
  const [given, slot] = [frame.at(t0), frame.at(sp)];
  return [
    [save(given, s0, s1, ra, sp), enterFrame(t0)],
    [sw(a0, slot.list), sw(a4, slot.groups), sw(a5, slot.offset)],
    several && [sw(a3, slot.sums), sw(zero, slot.shift)],
  ];
}

/** The products of an entry of the list. */
const addEntry = (used: readonly RegisterName[], bits: number, several: boolean, offset: number): Item => [
  [lw(s1, at(a0, offset)), srli(s0, s1, 16), add(s0, s0, a2), lw(s0, at(s0)), andi(s1, s1, 0xff)],
  several && srl(s0, s0, a3),
  used.map((lane, index) => [and(a4, s0, a5), mul(a4, a4, s1), add(lane, lane, a4), index < used.length - 1 && srli(s0, s0, bits)]),
];

/** Both sums of a lane, times the distance of levels, and what the lowest level comes to. */
const addSums = (lane: RegisterName, offset: number, stepShift: number): Item => [
  [slli(s0, lane, 16), srli(s0, s0, 16 - stepShift)],
  [lw(s1, at(a3, offset)), add(s0, s0, a4), add(s0, s0, s1), sw(s0, at(a3, offset))],
  [srli(s0, lane, 16), stepShift !== 0 && slli(s0, s0, stepShift)],
  [lw(s1, at(a3, offset + 4)), add(s0, s0, a4), add(s0, s0, s1), sw(s0, at(a3, offset + 4))],
];

const leave: Item = [mv(t0, sp), restore(frame.at(t0), s0, s1, ra, sp)];
