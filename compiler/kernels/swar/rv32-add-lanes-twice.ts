import { align, at, type Item, label, pinned, type Program, program, type RegisterName, restore, save, slots } from "../../riscv/index.js";
import { add, addi, and, andi, beqz, bnez, j, li, lw, mul, slli, srli, sw } from "../../riscv/instructions.js";
import { a0, a1, a2, a3, a4, a5, gp, ra, s0, s1, sp, tp, zero } from "../../riscv/registers.js";
import { type Lanes, laneRegisters, maskOf } from "./rv32-add-lanes.js";

type Registers = readonly RegisterName[];

/** Registers that hold lanes of the second group. */
const otherRegisters: Registers = [gp, tp, sp, a1];

/** Behind the list, since the stack pointer holds data. */
const frame = slots("end", "list", "groups", "offset", "sums", "s0", "s1", "ra", "sp", "gp", "tp");

/** Words of scratch space behind the list. */
export const twiceWords = frame.bytes / 4;

const [given, slot] = [frame.at(a1), frame.at(a0)];

/** Adds a list's inputs times their weights to the sums of all units, two groups at a time. */
export function addLanesTwice(fields: Lanes): Program {
  const several = fields.passes > 1;
  const [used, others] = [laneRegisters.slice(0, fields.lanes), otherRegisters.slice(0, fields.lanes)];
  const [groups, entries, odd, sums, last] = [label(), label(), label(), label(), label()];
  const entry = addEntry(fields, used, others);
  return program(
    [
      "a0 next entry    a2 weights of the groups    a3 those of the input; before and after, sums    s1 entry, input",
      "s0 word of weights    a4 a pair, its products    a5 mask of a pair; after, offset",
      `${used.join(", ")} lanes of the first group    ${others.join(", ")} of the second`,
      "",
      `Behind the list: ${frame.legend}`,
      sw(zero, given.end, "an entry of zero"),
      [sw(a0, given.list), sw(a4, given.groups), sw(a5, given.offset), sw(a3, given.sums)],
      save(given, s0, s1, ra, sp, gp, tp),
      [groups, li(a5, maskOf(fields), "two groups")],
      [...used, ...others].map((lane) => li(lane, 0)),
      [lw(s1, at(a0)), align(4)],
      [entries, entry, lw(s1, at(a0, 4)), beqz(s1, odd)],
      [entry, lw(s1, at(a0, 8)), addi(a0, a0, 8), bnez(s1, entries)],
      j(sums),
      [odd, addi(a0, a0, 4)],
      [sums, lw(a3, slot.sums), lw(a5, slot.offset)],
      [...used, ...others].map((lane) => addSums(lane, fields.stepShift)),
      sw(a3, slot.sums),
      addi(a2, a2, several ? 4 : 8),
      [lw(a4, slot.groups), addi(a4, a4, -2), sw(a4, slot.groups), beqz(a4, last)],
      [lw(a0, slot.list), j(groups)],
      last,
      restore(slot, s0, s1, ra, sp, gp, tp),
    ],
    pinned(a0, a1, a2, a3, a4, a5),
  );
}

/** The products of an entry of the list, which `s1` has; groups that share a word of weights take it one behind the other. */
const addEntry = ({ bits, passes }: Lanes, used: Registers, others: Registers): Item => [
  [srli(a3, s1, 16), add(a3, a3, a2), lw(s0, at(a3)), andi(s1, s1, 0xff)],
  used.map((lane, index) => [addPair(lane), (passes > 1 || index < used.length - 1) && srli(s0, s0, bits)]),
  passes === 1 && lw(s0, at(a3, 4)),
  others.map((lane, index) => [addPair(lane), index < others.length - 1 && srli(s0, s0, bits)]),
];

const addPair = (lane: RegisterName): Item => [and(a4, s0, a5), mul(a4, a4, s1), add(lane, lane, a4)];

/** Both sums of a lane, times the distance of levels, and what the lowest level comes to. */
const addSums = (lane: RegisterName, stepShift: number): Item => [
  [slli(s0, lane, 16), srli(s0, s0, 16 - stepShift), add(s0, s0, a5), lw(s1, at(a3)), add(s0, s0, s1), sw(s0, at(a3))],
  [srli(s0, lane, 16), stepShift !== 0 && slli(s0, s0, stepShift)],
  [add(s0, s0, a5), lw(s1, at(a3, 4)), add(s0, s0, s1), sw(s0, at(a3, 4))],
  addi(a3, a3, 8),
];
